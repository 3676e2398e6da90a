"""Rest: the certainty that no webhook is on its way and nothing is left to look at, found without waiting it out."""

import time
from typing import Final

from cmmc_jira.demo.stage import Stage
from cmmc_jira.errors import CmmcJiraError

WITHIN_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.02


class Unsettled(CmmcJiraError):
    """The demo did not come to rest, or not where it should have."""


def settle(stage: Stage, *issue_ids: str, within: float = WITHIN_SECONDS) -> None:
    """Wait until the service is at rest and one more look at each of these assessments would change nothing.

    Raises:
        Unsettled: it is not so after that many seconds, or the service has given an assessment up.

    """
    deadline = time.monotonic() + within
    for issue_id in issue_ids:
        rest(stage, within=within)
        while changes := stage.judge.decide(issue_id).plan.changes:
            if time.monotonic() > deadline:
                raise Unsettled(
                    f"The service is at rest, but would still change {changes[0].subject}: {changes[0].why}."
                )
            time.sleep(_POLL_SECONDS)
            rest(stage, within=within)


def rest(stage: Stage, *, within: float = WITHIN_SECONDS) -> None:
    """Wait until nothing is to be looked at and no webhook is on its way.

    Two readings must say so, with no request of the service between them. What a look writes is on its way as a webhook
    before the look ends, and a webhook that has arrived is to be looked at before it is no longer on its way: so
    whatever one reading misses, the next one sees.

    Raises:
        Unsettled: it is not so after that many seconds, or the service has given an assessment up.

    """
    deadline, before = time.monotonic() + within, -1
    while time.monotonic() < deadline:
        asked = sum(stage.service.jira.calls().values())
        if stage.service.engine.run_once():  # beside the workers, which would sleep a while before they look for work
            before = -1
        elif not _idle(stage):
            before = -1
            time.sleep(_POLL_SECONDS)
        elif asked == before:
            return
        else:
            before = asked
    backlog = stage.service.store.backlog(now=stage.service.machine.now())
    waiting = stage.control("webhooks")["waiting"]
    raise Unsettled(
        f"After {within:.0f} seconds there is still something to do: {waiting} webhooks on their way, "
        f"{backlog.dirty} assessments to look at."
    )


def _idle(stage: Stage) -> bool:
    backlog = stage.service.store.backlog(now=stage.service.machine.now())
    if backlog.parked:
        raise Unsettled("\n".join(backlog.parked.values()))
    return backlog.dirty == 0 and stage.control("webhooks")["waiting"] == 0
