"""From a person's edit to the status written: how many calls one after the other, and how often 50 ms."""

from collections.abc import Iterator, Sequence
from statistics import median
from time import perf_counter

from bench.calls import FINDINGS, told
from bench.ready import LATENCY_MS, Answered, Ready, Seen, ready
from bench.rows import Row
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.service.reconcile import Reconciler

_FEW = 22
_AT_MOST = 3
_EDITS = 5


def rows() -> Iterator[Row]:
    """Yield what it takes with 22 and with 110 items."""
    for items in (_FEW, FINDINGS):
        with ready(items) as jira:
            yield _edited(jira, items)


def _edited(jira: Ready, items: int) -> Row:
    seen = Seen()
    reconciler = jira.reconciler(seen)
    reconciler.reconcile(jira.assessment, fence=lambda: None)
    jira.distance(LATENCY_MS)
    taken = [_one(reconciler, seen, jira.assessment, n) for n in range(_EDITS)]
    calls = max(len(before) for before, _ in taken)
    multiples = sorted(seconds / (LATENCY_MS / 1000) for _, seconds in taken)
    return Row(
        f"an edit of one of {items} items to the status written",
        f"{calls} calls in sequence ({told(taken[0][0])}), {multiples[len(multiples) // 2]:.1f} times {LATENCY_MS} ms",
        "the 2 s in which more edits may come are not counted",
        median(multiples) / calls,
        (multiples[0] / calls, multiples[-1] / calls),
        goal=f"at most {_AT_MOST} calls",
        met=calls <= _AT_MOST,
        figures={"items": items, "calls": calls, "latencies": median(multiples)},
    )


def _one(reconciler: Reconciler, seen: Seen, assessment: str, number: int) -> tuple[Sequence[Answered], float]:
    """Let a person move an item, and return what a look asks until the status issue says so, and its seconds."""
    issues = reconciler.looker.look(assessment, thorough=False).issues
    subject = sorted(subject for subject in issues if subject != STATUS_SUBJECT)[number]
    reconciler.looker.jira.transition(issues[subject].id, "indeterminate")
    seen.answers.clear()
    begun = perf_counter()
    reconciler.reconcile(assessment, fence=lambda: None, thorough=False, hints=[issues[subject].id])
    status = f"/rest/api/2/issue/{issues[STATUS_SUBJECT].id}"
    written = next(n for n, each in enumerate(seen.answers) if (each.method, each.path) == ("PUT", status))
    return seen.answers[: written + 1], seen.answers[written].at - begun
