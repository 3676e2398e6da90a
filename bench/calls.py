"""How many calls to Jira it takes, and how long where each takes 50 ms: from nothing to issues for 110 findings."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import perf_counter

from bench import script
from bench.ready import LATENCY_MS, Answered, Ready, Seen, ready
from bench.rows import Row

FINDINGS = 110
_AT_MOST = 10
_FEWER = 20
_OF_A_PROCESS = ("/rest/api/2/myself", "/rest/api/2/field", "/rest/api/2/serverInfo")


def rows(*, rounds: int = 2) -> Iterator[Row]:
    """Yield calls and time of ours and of a script that makes each issue by itself, and of a look at rest."""
    pairs = [(_taken(_ours), _taken(script.run)) for _ in range(rounds)]
    (answers, _), (theirs, _) = pairs[0]
    kept = sum(answer.path in _OF_A_PROCESS for answer in answers)
    fewer = len(theirs) / len(answers)
    yield Row(
        f"calls from nothing to issues for {FINDINGS} findings",
        f"{len(answers)}, of which {kept} once a process ({told(answers)})",
        f"{len(theirs)}, a script with jira from PyPI ({told(theirs)})",
        fewer,
        goal=f"{_FEWER} times fewer",
        met=fewer >= _FEWER,
        figures={"calls": len(answers), "once": kept, "script_calls": len(theirs)},
    )
    yield Row(
        "  of ours, in a process that has asked before",
        str(len(answers) - kept),
        goal=f"at most {_AT_MOST}",
        met=len(answers) - kept <= _AT_MOST,
    )
    ratios = sorted(slow / fast for (_, fast), (_, slow) in pairs)
    ours, plain = median(fast for (_, fast), _ in pairs), median(slow for _, (_, slow) in pairs)
    yield Row(
        f"  time, {LATENCY_MS} ms a call",
        f"{ours:.1f} s",
        f"{plain:.1f} s",
        median(ratios),
        (ratios[0], ratios[-1]),
        figures={"seconds": ours, "script_seconds": plain},
    )
    yield _at_rest()


def told(answers: Sequence[Answered]) -> str:
    """Return how many of each method there were."""
    return ", ".join(f"{method} {count}" for method, count in sorted(Counter(each.method for each in answers).items()))


def _ours(jira: Ready, seen: Seen) -> None:
    _, refused = jira.reconciler(seen).reconcile(jira.assessment, fence=lambda: None)
    if refused:
        raise RuntimeError(refused[0])


def _taken(work: Callable[[Ready, Seen], None]) -> tuple[Sequence[Answered], float]:
    """Return what somebody who begins from nothing asked, and the seconds it took."""
    seen = Seen()
    with ready(FINDINGS) as jira:
        jira.distance(LATENCY_MS)
        begun = perf_counter()
        work(jira, seen)
        return seen.answers, perf_counter() - begun


def _at_rest() -> Row:
    seen = Seen()
    with ready(FINDINGS) as jira:
        reconciler = jira.reconciler(seen)
        reconciler.reconcile(jira.assessment, fence=lambda: None)
        counts = []
        for thorough in (True, False):
            seen.answers.clear()
            reconciler.reconcile(jira.assessment, fence=lambda: None, thorough=thorough)
            counts.append(len(seen.answers))
    thorough_, known = counts
    return Row(
        "calls of a look that finds nothing to do",
        f"{thorough_} where it is thorough, {known} else",
        figures={"thorough": thorough_, "known": known},
    )
