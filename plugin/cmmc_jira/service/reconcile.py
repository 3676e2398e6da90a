"""Look, decide, check, do: the only loop that writes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from cmmc_jira.core.changes import SetFields
from cmmc_jira.core.desired import Desired, cautious, desired
from cmmc_jira.core.fields import DESCRIPTION
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.plan import Plan, plan
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.world import World
from cmmc_jira.errors import UnsafePlan
from cmmc_jira.service.apply import Done, Fence, apply
from cmmc_jira.service.look import Looker
from cmmc_rules.law import Law

_ROUNDS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Decided:
    """What a look came to: the world, what it should be, and the difference; `held` is what needs a person first."""

    world: World
    desired: Desired
    plan: Plan
    held: str | None


Observe = Callable[[str, Plan], None]
"""Is told of each plan what came of it: `empty`, `held` for a person, `done`, or `refused` where Jira refused some."""


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Brings Jira to what it should hold for one assessment, as often as asked and never twice."""

    looker: Looker
    law: Law
    policy: Policy
    closures: Collection[date] = ()
    observe: Observe = lambda _outcome, _plan: None

    def decide(self, id_or_key: str, *, thorough: bool = True, hints: Sequence[str] = ()) -> Decided:
        """Return the plan for an assessment as Jira holds it now; nothing is written."""
        world = self.looker.look(id_or_key, thorough=thorough, hints=hints)
        wanted = desired(world, self.law, self.policy, closures=self.closures)
        difference = plan(wanted, world)
        return Decided(world, wanted, difference, self._held(difference, wanted, world))

    def _held(self, difference: Plan, wanted: Desired, world: World) -> str | None:
        standing = wanted.standing
        count = len(self.law.requirements(standing.official.level)) if standing else 0
        return difference.needs_a_person(world, requirements=count)

    def without_closing(self, decided: Decided) -> Decided:
        """Return what can be done while a person has to look before anything is closed; the status issue says so."""
        key = decided.world.assessment.key
        sentence = f"{decided.held} Nothing was closed or made again: look at `cmmc-jira plan {key}`."
        wanted = desired(decided.world, self.law, self.policy, closures=self.closures, held=(sentence,))
        wanted = cautious(wanted, decided.world)
        return Decided(decided.world, wanted, plan(wanted, decided.world), decided.held)

    def reconcile(
        self, id_or_key: str, *, fence: Fence, thorough: bool = True, hints: Sequence[str] = ()
    ) -> tuple[Decided, tuple[str, ...]]:
        """Bring Jira to what it should hold; what was decided first, and what Jira refused, in sentences.

        What needs a person is left undone and said on the status issue.

        Raises:
            JiraUnavailable: Jira is away or an interrupted create may still come to light.
            JiraRefused: the assessment cannot be read.
            LeaseLost: another worker has the assessment.

        """
        refused: dict[str, None] = {}
        first = decided = self.decide(id_or_key, thorough=thorough, hints=hints)
        for _ in range(_ROUNDS_AT_MOST):
            if decided.held:
                self.observe("held", decided.plan)
                decided = self.without_closing(decided)
            if not decided.plan.changes:
                self.observe("empty", decided.plan)
                break
            refused |= dict.fromkeys(self.do(decided, fence=fence).refused)
            if refused:
                break
            decided = self.decide(decided.world.assessment.id, thorough=False)
        return first, tuple(refused)

    def do(self, decided: Decided, *, fence: Fence) -> Done:
        """Carry out what was decided."""
        looker, world = self.looker, decided.world
        done = apply(decided.plan, world, jira=looker.jira, fields=looker.fields(), clock=looker.clock, fence=fence)
        looker.expect(world.assessment.id, done.ids)
        self.observe("refused" if done.refused else "done", decided.plan)
        edits: Sequence[SetFields] = decided.plan.of(SetFields)
        written = any(edit.subject == STATUS_SUBJECT and DESCRIPTION in edit.after for edit in edits)
        if STATUS_SUBJECT in done.created:
            looker.wrote(done.created[STATUS_SUBJECT])
        elif written and not done.refused:
            looker.wrote(world.issues[STATUS_SUBJECT].key)
        return done

    def confirmed(self, id_or_key: str, digest: str) -> Decided:
        """Return the plan with exactly this digest.

        Raises:
            UnsafePlan: Jira has changed since that plan was shown; the sentence says how to see the present one.

        """
        decided = self.decide(id_or_key)
        if decided.plan.digest != digest:
            raise UnsafePlan(
                f"The plan for {id_or_key} is now {decided.plan.digest}, not {digest}: Jira, the findings or the day "
                f"have changed since. Look at `cmmc-jira plan {id_or_key}` again."
            )
        return decided
