"""COVERAGE.md says what each flavour of the sandbox answers, no more and no less."""

import re
from importlib.resources import files

from jira_sandbox import State, create_app, lacks
from jira_sandbox.flavour import CLOUD, DATACENTER

ROW = re.compile(r"\| (GET|POST|PUT|DELETE) \| `([^`]+)` \| (yes|no) \| (yes|no) \|")


def routes(flavour: str) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"<any\([^)]*\):api>", "N", rule.rule)))
        for rule in create_app(State(flavour=flavour)).url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_list_of_what_a_flavour_answers_is_that_of_its_routes(flavour: str) -> None:
    text = files("jira_sandbox").joinpath("COVERAGE.md").read_text(encoding="utf-8")
    listed = [
        (method, path)
        for method, path, on_cloud, on_datacenter in ROW.findall(text)
        if (on_cloud if flavour == CLOUD else on_datacenter) == "yes"
    ]
    assert sorted(listed) == sorted(routes(flavour))


def test_the_datacenter_flavour_has_no_path_that_jira_data_center_has_not() -> None:
    for method, path in routes(DATACENTER):
        if path.startswith("/rest/"):
            here = re.sub(r"\{\w+\}", "10000", path.replace("/N/", "/2/"))
            assert lacks.unanswered(method, here, datacenter=True).status == 501, (method, path)


def test_every_row_of_the_list_is_answered_by_some_flavour() -> None:
    text = files("jira_sandbox").joinpath("COVERAGE.md").read_text(encoding="utf-8")
    assert "yes" in text
    assert not [row for row in ROW.findall(text) if row[2:] == ("no", "no")]
