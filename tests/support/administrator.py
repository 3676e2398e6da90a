"""An administrator of Data Center who reads the steps that `provision` prints and does what they say, no more."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import requests

_STEP: Final = re.compile(r"^ +\d+\. ")
_PAGE: Final = "     Page: "
_LINE: Final = "     - "
_FIELD: Final = re.compile(r"/secure/admin/ConfigureCustomField!default\.jspa\?customFieldId=(\d+)$")
_PROJECT: Final = re.compile(r"/plugins/servlet/project-config/([A-Z0-9_]+)/screens$")
_OPTIONS: Final = re.compile(r"^Add one after another, in this order: (.+)\.$")
_CONTEXT: Final = re.compile(r'^Press "Add new context", enter the label "[^"]+", choose the project "[^"]+ \((\w+)\)"')
_ITS_OPTIONS: Final = re.compile(r'^Press "Edit Options" in it and add, in this order: (.+)\.$')
_SCREEN: Final = re.compile(r'^Press "Add screen" and enter the name "([^"]+)"\.$')
_SCHEME: Final = re.compile(
    r'^Press "Add screen scheme", enter the name "([^"]+)" and choose the default screen "([^"]+)"'
)
_USE: Final = re.compile(r'^Associate the issue type "([^"]+)" with the screen scheme "([^"]+)"\.$')
_NOTHING: Final = ('Press "Edit Options".', "Put nothing on them", "Open the issue type screen scheme")


@dataclass
class Administrator:
    """Who does the steps on Jira's pages, for which the sandbox's control stands; `did` counts the forms sent."""

    url: str
    session: requests.Session
    did: int = 0
    schemes: dict[str, str] = field(default_factory=dict)

    def follow(self, printed: str) -> int:
        """Do every step of what was printed; how many steps there were."""
        steps = list(_steps(printed))
        for page, lines in steps:
            self._step(page, lines)
        return len(steps)

    def _step(self, page: str, lines: list[str]) -> None:
        context: str | None = None
        used: dict[str, str] = {}
        for line in lines:
            if found := _OPTIONS.match(line):
                self._send({"options": {"field": _field(page), "add": _quoted(found[1])}})
            elif found := _CONTEXT.match(line):
                context = found[1]
            elif found := _ITS_OPTIONS.match(line):
                self._send({"context": {"field": _field(page), "project": context, "options": _quoted(found[1])}})
                context = None
            elif found := _SCREEN.match(line):
                self._send({"screen": {"name": found[1], "fields": []}})
            elif found := _SCHEME.match(line):
                self.schemes[found[1]] = found[2]
            elif found := _USE.match(line):
                used[found[1]] = self.schemes[found[2]]
            else:
                assert line.startswith(_NOTHING), f"this step cannot be followed: {line}"
        if context is not None:
            self._send({"context": {"field": _field(page), "project": context, "options": []}})
        if used:
            project = _PROJECT.search(page)
            assert project, f"this page names no project: {page}"
            self._send({"screens": {"project": project[1], "issue_types": used}})

    def _send(self, form: Mapping[str, Any]) -> None:
        answer = self.session.post(f"{self.url}/sandbox/administration", json=form)
        assert answer.ok, answer.text
        self.did += 1


def _steps(printed: str) -> Iterator[tuple[str, list[str]]]:
    """Yield page and lines of each numbered step that has a page: the others are the command's own."""
    page, lines = "", list[str]()
    for row in [*printed.splitlines(), "   0. "]:
        if _STEP.match(row):
            if page:
                yield page, lines
            page, lines = "", []
        elif row.startswith(_PAGE):
            page = row.removeprefix(_PAGE)
        elif row.startswith(_LINE):
            lines.append(row.removeprefix(_LINE))


def _field(page: str) -> str:
    found = _FIELD.search(page)
    assert found, f"this page names no field: {page}"
    return f"customfield_{found[1]}"


def _quoted(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)
