"""`/issue/bulk` and `/issue/bulkfetch`: many issues in one call."""

from typing import Any

from flask import Response

from jira_sandbox import issues, permissions, present_issue
from jira_sandbox.flavour import CLOUD
from jira_sandbox.present_issue import Wanted
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.rest_issue import created
from jira_sandbox.web import Resource, account, answer, body, caller, state, texts, view

bulk = Resource("bulk")

CREATE_LIMIT = 50
FETCH_LIMIT = 100


@bulk.route("/issue/bulk", "POST")
def create_many() -> Response:
    """Create up to 50 issues; each that is refused is named by its place in the list."""
    asked = body("issueUpdates").get("issueUpdates")
    if not isinstance(asked, list) or not asked:
        raise bad_payload()
    if len(asked) > CREATE_LIMIT:
        raise Refused(400, f"The number of issues to create ({len(asked)}) is over the limit of {CREATE_LIMIT}.")
    made: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for place, one in enumerate(asked):
        try:
            made.append(created(issues.create(state(), account(), one, api=view().api, bulk=True)))
        except Refused as refused:
            errors.append({"status": refused.status, "elementErrors": refused.body(), "failedElementNumber": place})
    return answer({"issues": made, "errors": errors}, 201 if made else 400)


@bulk.route("/issue/bulkfetch", "POST", anonymous=True, flavours=(CLOUD,))
def fetch_many() -> Response:
    """Read up to 100 issues by id or key, not from the index."""
    asked = body("issueIdsOrKeys", "fields", "fieldsByKeys", "properties", "expand")
    wanted_ids = asked.get("issueIdsOrKeys")
    if not wanted_ids:
        raise Refused(400, "The list of issue ids or keys must not be empty.")
    if not isinstance(wanted_ids, list) or not all(isinstance(one, str) for one in wanted_ids):
        raise bad_payload()
    if len(wanted_ids) > FETCH_LIMIT:
        raise Refused(400, f"The number of issue ids or keys must not be over {FETCH_LIMIT}.")
    wanted = Wanted(
        fields=tuple(texts(asked.get("fields"))) or ("*navigable",),
        properties=tuple(texts(asked.get("properties"))),
        expand=frozenset(texts(asked.get("expand"))),
    )
    found: dict[str, Any] = {}
    errors: list[dict[str, str]] = []
    for one in wanted_ids:
        issue = state().find_issue(one)
        if issue is None or not permissions.sees(state(), caller(), issue):
            errors.append({"id": one, "errorMessage": "Issue does not exist or you do not have permission to see it."})
        else:
            found[issue.id] = present_issue.issue(view(), issue, wanted)
    return answer({"issues": list(found.values()), "issueErrors": errors})
