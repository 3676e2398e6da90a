"""A run of tests fails for an exchange that is not as a document says, and for a deviation allowed in vain."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.openapi_documents import SOURCES, VARIABLE, mend, source

SUPPORT = Path(__file__).parents[1]
RUN = Callable[..., pytest.RunResult]

LEDGER = """
import requests
from support import openapi_deviations, openapi_ledger
from support.openapi_deviations import Deviation
from support.openapi_ledger import LEDGER

LEDGER.allowed = (Deviation("*", "GET", "/rest/api/2/thing", "response 204: not documented", "A reason."),)

def exchange(status, flavour="cloud", path="/rest/api/2/thing"):
    request = requests.Request("GET", f"http://jira.test{path}").prepare()
    response = requests.Response()
    response.status_code, response._content = status, b"{}"
    response.headers["Content-Type"] = "application/json"
    LEDGER.enter(flavour, request, response)
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RUN:
    """Run tests in a process of their own over documents that know one operation each."""
    for one in SOURCES:
        version = "3" if "v3" in one.name else "2"
        answer = {"description": "an object", "content": {"application/json": {"schema": {"type": "object"}}}}
        answers = {"200": answer, "400": answer}
        path = f"/rest/api/{version}/thing".removeprefix(one.below)
        content = {
            "openapi": "3.0.1",
            "info": {"title": "t", "version": "1"},
            "paths": {path: {"get": {"responses": answers}}},
        }
        file = pytester.path / "documents" / one.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(pytester.path / "documents"))
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT), prepend=":")
    pytester.makeini("[pytest]\ntestpaths = tests\naddopts = -p support.openapi_gate")
    # Documents as small as these have none of the faults that are mended in Atlassian's.
    unmended = "import support.openapi_documents as d\nd.mend = lambda *_: None\n"

    def run(text: str, *options: str) -> pytest.RunResult:
        folder = pytester.path / "tests"
        folder.mkdir()
        (folder / "conftest.py").write_text(unmended + LEDGER, encoding="utf-8")
        (folder / "test_it.py").write_text(f"from conftest import exchange\n{text}", encoding="utf-8")
        return pytester.runpytest_subprocess(*options)

    return run


def test_the_test_that_made_the_exchange_has_failed(run: RUN) -> None:
    result = run(
        "import pytest\n"
        "@pytest.fixture\ndef wrong():\n    exchange(404)\n"
        "def test_good():\n    exchange(200); exchange(204)\n"
        "def test_bad():\n    exchange(418)\n"
        "def test_that_asks_wrongly():\n    exchange(200, path='/rest/api/2/thing?wrong=1')\n"
        "def test_that_is_refused():\n    exchange(400, path='/rest/api/2/thing?wrong=1')\n"
        "@pytest.mark.sends_anything\ndef test_that_may():\n    exchange(200, path='/rest/api/2/thing?wrong=1')\n"
        "def test_with_a_bad_fixture(wrong):\n    pass\n"
        "@pytest.mark.sends_anything\ndef test_held_by_its_answers():\n    exchange(409)\n"
    )
    result.assert_outcomes(passed=3, failed=3, errors=1)
    result.stdout.fnmatch_lines_random(
        [
            "GET /rest/api/2/thing: response 418: not documented (Jira Cloud v2)",
            "GET /rest/api/2/thing: request: query parameter wrong is not documented (Jira Cloud v2)",
            "GET /rest/api/2/thing: response 404: not documented (Jira Cloud v2)",
            "GET /rest/api/2/thing: response 409: not documented (Jira Cloud v2)",
        ]
    )


def test_each_exchange_is_held_to_the_document_of_its_flavour_and_all_workers_are_counted(run: RUN) -> None:
    result = run(
        "def test_one():\n    exchange(200); exchange(204)\n"
        "def test_two():\n    exchange(200, 'datacenter'); exchange(200, path='/rest/api/3/thing')\n"
        "def test_three():\n    exchange(200, path='/jira/rest/api/2/thing')\n",
        *("-n", "2"),
    )
    result.assert_outcomes(passed=3)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*: 3 (Jira Cloud v2), 1 (Jira Cloud v3), 1 (Jira Data Center 10.3); 1 of 1 allowed*"])


def test_a_whole_run_fails_for_a_deviation_that_no_exchange_needed(run: RUN) -> None:
    result = run("def test_one():\n    exchange(200)\n")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED: no exchange needs the allowed deviation GET /rest/api/2/thing: *"])


def test_a_mend_whose_fault_is_gone_is_an_error() -> None:
    [lists] = [one for one in source("datacenter", "/rest/api/2/field").mends if one.where[1] == "/rest/api/2/field"]
    place = {"schema": {"type": "object"}}
    content = {
        "paths": {"/rest/api/2/field": {"get": {"responses": {"200": {"content": {"application/json": place}}}}}}
    }
    mend(content, lists)
    assert place["schema"] == {"type": "array", "items": {"type": "object"}}
    with pytest.raises(ValueError, match="list already"):
        mend(content, lists)
    with pytest.raises(KeyError):
        mend({"paths": {}}, lists)
