"""What came of the demo, in words: where to look, what the rule says, and what was said to whom."""

from collections.abc import Iterator, Sequence
from datetime import date

from cmmc_jira.demo.scene import Opened, Summary


def shown(url: str, opened: Sequence[Opened], summaries: Sequence[Summary]) -> str:
    """Return the text for the end of the demo; `url` is the sandbox's."""
    lines = [f"A Jira to click through: {url}/"]
    for one, found in zip(opened, summaries, strict=True):
        lines += ["", one.story.summary, *_facts(url, one, found), *_said(found)]
    return "\n".join(lines)


def _facts(url: str, opened: Opened, found: Summary) -> Iterator[str]:
    would = "" if opened.story.posted else "would be "
    score = "no score" if found.score is None else f"score {found.score}"
    of_all = " of the service for all that is here" if found.days else ""
    calls = ", ".join(f"{method} {count}" for method, count in found.jira_calls.items() if count)
    yield f"  Assessment    {url}/browse/{found.assessment}"
    yield f"  Status issue  {url}/browse/{found.status_issue}"
    yield f"  Status        {would}{found.status}, {score}{_deadline(found)}"
    yield f"  Made          {found.issues_created} remediation issues, nothing twice; Jira calls{of_all}: {calls}"
    if found.days:
        clock = "" if found.deadline else "; no closeout clock runs without a posted Conditional status"
        yield f"  Lived         {found.days} days, to {found.as_of}{clock}"


def _deadline(found: Summary) -> str:
    if found.deadline is None:
        return ""
    if date.fromisoformat(found.as_of) > date.fromisoformat(found.deadline):
        return f"; the closeout had to be posted by {found.deadline}"
    return f"; the closeout must be posted by {found.deadline}"


def _said(found: Summary) -> Iterator[str]:
    """Yield a table: how many comments mention each person, and which steps spoke."""
    if not found.escalations:
        return
    yield f"  Said          {found.escalations} comment{'' if found.escalations == 1 else 's'}"
    told, steps = found.said["to"], found.said["by"]
    width = max(map(len, [*told, *steps]))
    yield from (f"    to {name:<{width}}  {count:>3}" for name, count in told.items())
    yield from (f"    by {name:<{width}}  {count:>3}" for name, count in steps.items())
