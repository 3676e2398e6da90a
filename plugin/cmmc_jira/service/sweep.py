"""A look at everything: which assessments the project holds, each marked to be looked at by itself."""

from cmmc_jira.core.issues import Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.service.ports import Clock, Jira, Store, Work


def sweep(work: Work, *, jira: Jira, store: Store, clock: Clock, project: str) -> None:
    """Mark every assessment of the project; issues that are hinted at count as they are now, not as indexed."""
    jql = f"project = {quoted(project)} AND issuetype = {quoted(Kind.ASSESSMENT)} ORDER BY id"
    found = [str(raw["id"]) for raw in jira.search(jql, ["issuetype"], also=work.hints)]
    if found:
        store.mark(*found, hints=work.hints, thorough=True, now=clock.now())
