"""What Jira holds, by what it is about: the same for two runs that differ only in ids, keys and the time of day."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from jira_sandbox import State
from jira_sandbox.records import Issue

PROPERTY: Final = "cmmc-jira"
FROZEN: Final = "cmmc-jira-findings"
_KEY: Final = re.compile(r"\bCMMC-\d+\b")
_RETOLD: Final = "h3. What changed"


def held(state: State) -> Mapping[str, object]:
    """Return everything that people and we rely on, by the name of its issue; a second one of a name is another."""
    names = _names(state)
    keys = {state.issues[id_].key: name for id_, name in names.items()}
    return {names[id_]: _issue(issue, state, names, keys) for id_, issue in state.issues.items()}


def _names(state: State) -> dict[str, str]:
    names: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for id_, issue in state.issues.items():
        memory = issue.properties.get(PROPERTY) or {}
        name = f"{memory['subject']} of {memory['assessment']}" if "subject" in memory else f"issue {id_}"
        seen[name] += 1
        names[id_] = name if seen[name] == 1 else f"{name}, again ({seen[name]})"
    return names


def _issue(issue: Issue, state: State, names: Mapping[str, str], keys: Mapping[str, str]) -> Mapping[str, object]:
    values = {name: value for name, value in issue.values.items() if name not in {"description", "labels"}}
    text = str(issue.values.get("description", "")).partition(_RETOLD)[0]
    ends = [(link.type, link.source, link.destination) for link in state.links.values()]
    return {
        "type": issue.type,
        "status": issue.status,
        "values": values,
        "labels": sorted(issue.values.get("labels") or ()),
        "text": _named(text, keys),
        "comments": sorted(_named(comment.body, keys) for comment in issue.comments),
        "files": sorted(file.name for file in issue.attachments),
        "links": sorted((type_, names[to]) for type_, source, to in ends if source == issue.id),
        "remembers": _memory(issue.properties.get(PROPERTY), names),
        "frozen": issue.properties.get(FROZEN),
    }


def _named(text: str, keys: Mapping[str, str]) -> str:
    return _KEY.sub(lambda key: f"<{keys.get(key[0], key[0])}>", text)


def _memory(memory: Mapping[str, Any] | None, names: Mapping[str, str]) -> object:
    """Return what is remembered of an issue, without times; the digests of what is listed depend on keys."""
    if memory is None or "issues" not in memory:
        return memory
    listed = {subject: (names[row[0]], *row[3:]) for subject, row in memory["issues"].items()}
    return {**memory, "issues": listed}


def differences(wanted: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    """Return what is lost, doubled or otherwise than it should be, in sentences."""
    told = [f"{name} is lost" for name in wanted if name not in found]
    told += [f"{name} was made" for name in found if name not in wanted]
    for name, was in wanted.items():
        now = found.get(name, was)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            told += [f"{name}: {part} is {now[part]!r}, not {was[part]!r}" for part in was if was[part] != now[part]]
    return told
