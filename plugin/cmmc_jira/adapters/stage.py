"""What the doctor's trial does with its throw-away issue, and nothing else does: delete it, and its links."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from marshmallow import fields

from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.adapters.shapes import Id, answer
from cmmc_jira.errors import JiraRefused

_API: Final = "rest/api/2"
_LINK: Final = answer(id=Id(required=True))
_LINKED: Final = answer(issuelinks=fields.List(fields.Nested(_LINK), load_default=list))
_ISSUE: Final = answer(fields=fields.Nested(_LINKED, required=True))()


class JiraStage:
    """The `Stage` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def remove(self, issue_id: str) -> None:
        """Delete an issue."""
        path, subject = f"{_API}/issue/{quote(issue_id, safe='')}", f"Issue {issue_id}"
        doing, right = f"delete issue {issue_id}", "Delete issues"
        self._exchange.ask(Call("DELETE", path, doing, write=True, subject=subject, right=right))

    def links(self, issue_id: str) -> Sequence[str]:
        """Return the ids of an issue's links."""
        path, doing = f"{_API}/issue/{quote(issue_id, safe='')}", f"read the links of issue {issue_id}"
        call = Call("GET", path, doing, _ISSUE, subject=f"Issue {issue_id}", params={"fields": "issuelinks"})
        return [row["id"] for row in self._exchange.ask(call)["fields"]["issuelinks"]]

    def unlink(self, link_id: str) -> None:
        """Delete a link; one that is gone already is no fault."""
        path, doing = f"{_API}/issueLink/{quote(link_id, safe='')}", "delete a link"
        try:
            self._exchange.ask(
                Call("DELETE", path, doing, write=True, subject=f"The link {link_id}", right="Link issues")
            )
        except JiraRefused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise
