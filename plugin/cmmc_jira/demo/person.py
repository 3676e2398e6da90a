"""A person at work in Jira: creates an assessment issue, attaches a findings file, enters a date."""

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.core.fields import SUMMARY, Fields, map_fields
from cmmc_jira.core.issues import Kind
from cmmc_jira.demo.story import Story
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import NewIssue

_PEOPLE = ("Compliance Lead", "Affirming Official")
_STATUS_DATE = "CMMC Status Date"


class Person:
    """Acts over REST with an account of their own."""

    def __init__(self, access: Access, project: str) -> None:
        self._jira = JiraClient(Exchange(access))
        self._project = project

    def open(self, story: Story) -> tuple[str, str]:
        """Create the assessment issue of a story; its id and key."""
        fields = self._fields()
        values: dict[str, str | None] = {SUMMARY: story.summary, **story.entered}
        values |= {name: self._account(values[name]) for name in _PEOPLE}
        structure = {"project": {"key": self._project}, "issuetype": {"name": str(Kind.ASSESSMENT)}}
        (created,) = self._jira.create([NewIssue({**structure, **fields.write(values)}, {})])
        if created.id is None or created.key is None:
            raise JiraRefused(created.refused or "Jira did not create the assessment issue.")
        return created.id, created.key

    def attach(self, issue_id: str, story: Story) -> None:
        """Attach the story's findings file."""
        self._jira.attach(issue_id, story.file, story.content, "application/octet-stream")

    def post(self, issue_id: str, story: Story) -> None:
        """Enter the CMMC Status Date, as after posting in SPRS."""
        if story.posted is not None:
            self._jira.edit(issue_id, fields=self._fields().write({_STATUS_DATE: story.posted.isoformat()}))

    def _fields(self) -> Fields:
        return map_fields(self._jira.fields(), flavour=self._jira.site().flavour)

    def _account(self, email: str | None) -> str | None:
        user = self._jira.user(email, self._project) if email else None
        return None if user is None else str(user["accountId"])
