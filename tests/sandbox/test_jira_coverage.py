"""COVERAGE.md says what the sandbox answers, no more and no less."""

import re
from importlib.resources import files

from jira_sandbox import create_app

ROW = re.compile(r"\| (GET|POST|PUT|DELETE) \| `([^`]+)` \| yes \|")


def test_the_list_of_what_is_answered_is_that_of_the_routes() -> None:
    text = files("jira_sandbox").joinpath("COVERAGE.md").read_text(encoding="utf-8")
    listed = [(method, path) for method, path in ROW.findall(text)]
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.replace("<any('2', '3', 'latest'):api>", "N")))
        for rule in create_app().url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert set(listed) == routes
    assert len(listed) == len(routes)
