"""What Atlassian's document forbids in a request, and a reader of JSON might let pass."""

from typing import Any

import pytest

from support.caller import Site
from support.people import DANA


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "issue/CMMC-1/assignee", {"accountId": DANA, "nickname": "Dana"}),
        ("PUT", "issue/CMMC-1/assignee", [DANA]),
        ("POST", "jql/match", {"jqls": [1], "issueIds": [10000]}),
        ("POST", "jql/match", {"jqls": "project = CMMC", "issueIds": [10000]}),
        ("POST", "issue/bulkfetch", {"issueIdsOrKeys": [10000]}),
        ("POST", "issue/bulkfetch", {"issueIdsOrKeys": "CMMC-1"}),
        ("POST", "search/jql", {"jql": "project = CMMC", "fields": [True]}),
    ],
)
def test_what_the_document_forbids_is_refused(method: str, path: str, body: Any) -> None:  # noqa: ANN401 - any JSON
    site = Site()
    site.service.create()
    answer = site.service.put(path, data=None, json=body) if method == "PUT" else site.service.post(path, body)
    assert (answer.status_code, answer.json()["errors"]) == (400, {})
    assert site.service.get("issue/CMMC-1").json()["fields"]["assignee"] is None


def test_an_answer_without_a_body_has_no_type() -> None:
    site = Site()
    site.service.create()
    answer = site.service.put("issue/CMMC-1/assignee", {"accountId": DANA})
    assert (answer.status_code, answer.content, answer.headers.get("Content-Type")) == (204, b"", None)
