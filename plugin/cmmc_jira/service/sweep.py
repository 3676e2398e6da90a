"""A look at everything: which assessments the project holds, each marked to be looked at by itself."""

from collections.abc import Iterable

from cmmc_jira.core.fields import Fields
from cmmc_jira.core.identity import assessments_of
from cmmc_jira.core.issues import Actual, Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.reading import read_issue
from cmmc_jira.service.ports import Clock, Jira, Store, Work


def sweep(work: Work, *, jira: Jira, store: Store, clock: Clock, project: str, fields: Fields) -> None:
    """Mark the assessments that this look is about: all of the project, unless what changed names its own or is none.

    Issues that are hinted at count as they are now, not as indexed.
    """
    about = None if work.thorough or not work.hints else _named(work.hints, jira=jira, project=project, fields=fields)
    if about is None:
        type_name = fields.mapping.type_name(Kind.ASSESSMENT.key)
        jql = f"project = {quoted(project)} AND issuetype = {quoted(type_name)} ORDER BY id"
        raws = jira.search(jql, ["issuetype", "project"], also=work.hints)
        read = [issue for raw in raws if (issue := read_issue(raw, fields))]
        about = {issue.id for issue in read if issue.kind is Kind.ASSESSMENT and issue.project == project}
    thorough = work.thorough or bool(work.hints)
    if about:
        store.mark(*about, hints=work.hints, thorough=thorough, now=clock.now())


def _named(ids: Iterable[str], *, jira: Jira, project: str, fields: Fields) -> set[str] | None:
    """Return the assessments that these issues are of; None where one of them is ours and does not say.

    One that is gone, hidden, of another project or of no type of ours leads nowhere: what makes an issue one of those
    is told by an event that asks for everything.
    """
    asked, known = sorted(set(ids)), ["issuetype", "project", "labels", "issuelinks", *fields.family_ids()]
    read = [issue for raw in jira.issues((), known, anew=asked) if (issue := read_issue(raw, fields))]
    found = [_assessments(issue) for issue in read if issue.project == project]
    return set().union(*found) if all(found) else None


def _assessments(issue: Actual) -> set[str]:
    if issue.kind is Kind.ASSESSMENT:
        return {issue.id}
    linked = {end.id for end in issue.links if end.id and end.type_name == Kind.ASSESSMENT}
    return linked | assessments_of(issue.labels)
