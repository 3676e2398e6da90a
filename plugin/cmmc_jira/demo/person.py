"""A person at work in Jira: opens an assessment, attaches findings, enters dates, finishes or postpones an item."""

from collections.abc import Mapping
from datetime import date

from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.core.fields import DUE, SUMMARY, Fields, map_fields
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.text import escape
from cmmc_jira.demo.story import Story
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import NewIssue

_PEOPLE = ("Compliance Lead", "Affirming Official")
_STATUS_DATE = "CMMC Status Date"


class Person:
    """Acts over REST with an account of their own, so that Jira knows who did it."""

    def __init__(self, jira: JiraClient, project: str) -> None:
        self._jira = jira
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
            self.enter(issue_id, {_STATUS_DATE: story.posted.isoformat()})

    def enter(self, issue_id: str, values: Mapping[str, str]) -> None:
        """Enter values by our field names."""
        self._jira.edit(issue_id, fields=self._fields().write(values))

    def postpone(self, issue_id: str, until: date) -> None:
        """Move an item's due date."""
        self.enter(issue_id, {DUE: until.isoformat()})

    def finish(self, issue_id: str) -> None:
        """Move an issue to a status that means done."""
        self._jira.transition(issue_id, Category.DONE)

    def comment(self, issue_id: str, words: str) -> None:
        """Say something in one's own name."""
        self._jira.comment(issue_id, escape(words))

    def _fields(self) -> Fields:
        return map_fields(self._jira.fields(), flavour=self._jira.site().flavour)

    def _account(self, email: str | None) -> str | None:
        user = self._jira.user(email, self._project) if email else None
        return None if user is None else str(user[self._fields().user_key])
