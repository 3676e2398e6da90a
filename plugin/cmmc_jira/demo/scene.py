"""One story from the opened issue to the quiet end, and what is then so: read from Jira, not from the service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from cmmc_jira.core.facts import Missing
from cmmc_jira.demo.cast import Cast
from cmmc_jira.demo.players import Players, players
from cmmc_jira.demo.proof import Proof, read_back
from cmmc_jira.demo.rest import Unsettled, rest, settle
from cmmc_jira.demo.stage import Stage
from cmmc_jira.demo.story import Story
from cmmc_rules.records import Evaluation

_METHODS: Final = ("GET", "POST", "PUT", "DELETE")

Tell = Callable[[date, int, Sequence[str]], None]
"""Is told of each lived day: the day, its number, and what people did on it, in sentences."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessment whose story has begun, and the requests that the service had made before and by its first rest."""

    story: Story
    issue_id: str
    key: str
    before: Mapping[str, int]
    by_rest: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a story, as `demo --json` prints it; `issues_created` are remediation issues.

    `escalations` are the service's comments and `said` is to whom and by which step they were; `days` were lived, up
    to `as_of`.
    """

    assessment: str
    status_issue: str
    issues_created: int
    score: int | None
    status: str
    deadline: str | None
    escalations: int
    jira_calls: Mapping[str, int]
    duplicates: int
    as_of: str
    days: int
    said: Mapping[str, Any]

    def as_json(self) -> Mapping[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def begin(stage: Stage, story: Story, *, say: Callable[[str], None]) -> Opened:
    """Do what people do at first, and wait for what follows.

    Raises:
        Unsettled: something was still to be done after two minutes.

    """
    before = stage.service.jira.calls()
    issue_id, key = stage.lead.open(story)
    say(f"Somebody opens {key}: {story.summary}")
    stage.lead.attach(issue_id, story)
    say(f"{story.file} is attached; Jira tells the service")
    settle(stage, issue_id)
    if story.posted is not None:
        stage.lead.post(issue_id, story)
        say(f"The CMMC Status Date is entered: {story.posted}")
        settle(stage, issue_id)
    return Opened(story, issue_id, key, before, stage.service.jira.calls())


def live(stage: Stage, opened: Sequence[Opened], cast: Cast, *, start: date, days: int, tell: Tell) -> None:
    """Live through the days after `start`, one after the other, with the cast at work on each of the assessments.

    Raises:
        Unsettled: a day did not come to its end.

    """
    troupe = [each for one in opened if (each := _players(stage, one, cast))]
    for number in range(1, days + 1):
        day = start + timedelta(days=number)
        stage.set_day(day)
        stage.service.tick.fire()
        rest(stage)
        done: list[str] = []
        for each in troupe:
            if acted := each.act(day):
                settle(stage, each.assessment_id)
                done += acted
        tell(day, number, done)
    settle(stage, *(one.issue_id for one in opened))


def end(stage: Stage, opened: Opened, *, days: int) -> Summary:
    """Return what Jira holds in the end; `days` were lived.

    Raises:
        Unsettled: an issue or a comment is there twice, or there is no status issue.

    """
    calls = stage.service.jira.calls() if days else opened.by_rest
    official = judged(stage, opened.issue_id)
    proof = _proved(stage, opened)
    return Summary(
        assessment=opened.key,
        status_issue=str(proof.status_issue),
        issues_created=proof.remediations,
        score=official.score,
        status=official.status.value,
        deadline=official.deadline.isoformat() if official.deadline else None,
        escalations=len(proof.heard),
        jira_calls={method: calls.get(method, 0) - opened.before.get(method, 0) for method in _METHODS},
        duplicates=proof.duplicates,
        as_of=stage.service.clock.today().isoformat(),
        days=days,
        said=proof.said(stage.names(), [ladder.id for ladder in stage.judge.policy.escalation.ladders]),
    )


def _proved(stage: Stage, opened: Opened) -> Proof:
    proof = read_back(stage.watcher, stage.project, opened.issue_id)
    if proof.status_issue is None:
        raise Unsettled(f"{opened.key} has no status issue.")
    if proof.duplicates:
        raise Unsettled(f"{opened.key} has {proof.duplicates} issues or comments twice.")
    return proof


def _players(stage: Stage, opened: Opened, cast: Cast) -> Players | None:
    """Return the cast for an assessment whose closeout clock runs; without one nothing is due, and nobody acts."""
    day_0 = opened.story.posted
    if day_0 is None or judged(stage, opened.issue_id).deadline is None:
        return None
    return players(cast, stage.watcher, stage.project, opened.issue_id, day_0=day_0, account=stage.account)


def judged(stage: Stage, issue_id: str) -> Evaluation:
    """Return the official evaluation as Jira stands now."""
    decided = stage.judge.decide(issue_id)
    if decided.held:
        raise Unsettled(decided.held)
    if decided.desired.standing is None:
        found = decided.desired.found
        raise Unsettled("\n".join(found.sentences) if isinstance(found, Missing) else "Nothing can be evaluated.")
    return decided.desired.standing.official
