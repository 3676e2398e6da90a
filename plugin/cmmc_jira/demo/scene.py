"""One story from the opened issue to the quiet end, and what is then so: read from Jira, not from the service."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from cmmc_jira.core.facts import Missing
from cmmc_jira.demo.proof import read_back
from cmmc_jira.demo.stage import Stage
from cmmc_jira.demo.story import Story
from cmmc_jira.errors import CmmcJiraError
from cmmc_rules.records import Evaluation

WITHIN_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 0.7
_POLL_SECONDS: Final = 0.1
_METHODS: Final = ("GET", "POST", "PUT", "DELETE")


class Unsettled(CmmcJiraError):
    """The demo did not come to rest, or not where it should have."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a story, as `demo --json` prints it; `issues_created` are remediation issues."""

    assessment: str
    status_issue: str
    issues_created: int
    score: int | None
    status: str
    deadline: str | None
    escalations: int
    jira_calls: Mapping[str, int]
    duplicates: int

    def as_json(self) -> Mapping[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def play(stage: Stage, story: Story, *, say: Callable[[str], None]) -> Summary:
    """Do what people do, wait for what follows, and return what Jira holds in the end.

    Raises:
        Unsettled: something was still to be done after two minutes, or an issue or a comment is there twice.

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
    calls = stage.service.jira.calls()
    official = _judged(stage, issue_id)
    proof = read_back(stage.watcher, stage.project, issue_id)
    if proof.status_issue is None:
        raise Unsettled(f"{key} has no status issue.")
    if proof.duplicates:
        raise Unsettled(f"{key} has {proof.duplicates} issues or comments twice.")
    return Summary(
        assessment=key,
        status_issue=proof.status_issue,
        issues_created=proof.remediations,
        score=official.score,
        status=official.status.value,
        deadline=official.deadline.isoformat() if official.deadline else None,
        escalations=proof.comments,
        jira_calls={method: calls.get(method, 0) - before.get(method, 0) for method in _METHODS},
        duplicates=proof.duplicates,
    )


def settle(stage: Stage, issue_id: str, *, within: float = WITHIN_SECONDS) -> None:
    """Wait until no webhook is on its way, nothing is to be looked at, and one more look would change nothing.

    Raises:
        Unsettled: it is not so after that many seconds, or the service has given the assessment up.

    """
    deadline = time.monotonic() + within
    seen, since = _activity(stage), time.monotonic()
    while time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        now = _activity(stage)
        if now != seen or not now.idle:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > QUIET_SECONDS:
            changes = stage.judge.decide(issue_id).plan.changes
            if not changes:
                return
            since = time.monotonic()
    raise Unsettled(f"After {within:.0f} seconds there is still something to do: {seen}.")


@dataclass(frozen=True, slots=True)
class _Activity:
    """What moves: webhooks on their way and delivered, and assessments to be looked at."""

    waiting: int
    delivered: int
    dirty: int

    @property
    def idle(self) -> bool:
        return self.waiting == 0 and self.dirty == 0

    def __str__(self) -> str:
        return f"{self.waiting} webhooks on their way, {self.dirty} assessments to look at"


def _activity(stage: Stage) -> _Activity:
    hooks = stage.control("webhooks")
    backlog = stage.service.store.backlog(now=stage.service.machine.now())
    if backlog.parked:
        raise Unsettled("\n".join(backlog.parked.values()))
    return _Activity(hooks["waiting"], len(hooks["outcomes"]), backlog.dirty)


def _judged(stage: Stage, issue_id: str) -> Evaluation:
    """Return the official evaluation as Jira stands now."""
    decided = stage.judge.decide(issue_id)
    if decided.held:
        raise Unsettled(decided.held)
    if decided.desired.standing is None:
        found = decided.desired.found
        raise Unsettled("\n".join(found.sentences) if isinstance(found, Missing) else "Nothing can be evaluated.")
    return decided.desired.standing.official
