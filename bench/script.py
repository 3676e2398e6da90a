"""The straightforward script that a team writes for its findings: create, assign, link and comment, one by one."""

from jira import JIRA

from bench.ready import Ready, Seen
from cmmc_rules.law import load_law
from cmmc_rules.words import Level


def run(ready: Ready, seen: Seen) -> None:
    """Make an issue for each requirement of Level 2 with the `jira` client, as its documentation shows it."""
    login = (ready.sandbox.user, ready.sandbox.token)
    client = JIRA(ready.sandbox.url, basic_auth=login, max_retries=0)
    client._session.hooks["response"].append(seen.note)  # noqa: SLF001  the client has no other door to what it asks
    project = {"key": ready.sandbox.project}
    for requirement in load_law().requirements(Level.TWO):
        issue = client.create_issue(
            project=project,
            issuetype={"name": "Task"},
            summary=f"{requirement.id} is NOT MET",
            description="Nothing is done.",
        )
        client.assign_issue(issue, login[0])
        client.create_issue_link("Relates", issue.key, ready.assessment)
        client.add_comment(issue, "Found by the assessment.")
