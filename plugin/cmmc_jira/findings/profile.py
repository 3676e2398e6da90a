"""What a user has settled about a file's columns and words: `--map` options, and a small file that keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.encoding import decoded
from cmmc_jira.findings.headings import Role
from cmmc_jira.findings.place import either, folded, shown
from cmmc_jira.findings.tree import parse_yaml
from cmmc_rules.words import Result

SHEET: Final = "sheet"
_KEYS: Final = ("columns", "words", "sheet")
_MEANT: Final[Mapping[str, Role]] = {
    "requirement": Role.ID,
    "control": Role.ID,
    "result": Role.STATUS,
    "finding": Role.STATUS,
    "comment": Role.NOTE,
    "comments": Role.NOTE,
    "notes": Role.NOTE,
    "assignee": Role.OWNER,
    "date": Role.DUE,
    "weight": Role.POINTS,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Which column is what, which sheet is meant, and what status words mean.

    A column is named as its header has it, or by its letter (`column D`); `none` says that no column is to be taken.
    """

    columns: Mapping[Role, str] = field(default_factory=dict)
    words: Mapping[str, Result] = field(default_factory=dict)
    sheet: str | None = None

    @classmethod
    def of(cls, mapping: Mapping[str, str], words: Mapping[str, Result]) -> "Profile":
        """The profile of role names (and `sheet`) with their columns; `BadFindings` for a role that does not exist."""
        columns = {_role(key): name for key, name in mapping.items() if key != SHEET}
        return cls(columns, words, mapping.get(SHEET))

    @property
    def mapping(self) -> Mapping[str, str]:
        """The columns and the sheet, as `read_findings` takes them."""
        sheet = {SHEET: self.sheet} if self.sheet is not None else {}
        return {**{role.value: name for role, name in self.columns.items()}, **sheet}

    def over(self, other: "Profile") -> "Profile":
        """This profile where it says something, else the other."""
        return Profile({**other.columns, **self.columns}, {**other.words, **self.words}, self.sheet or other.sheet)


def parse_map(options: Iterable[str]) -> Profile:
    """The profile that `--map` options say; everything wrong with them is told at once.

    `status="Implementation State"` names a column, `note=none` no column, `sheet=Findings` the sheet, and
    `"word:Mostly done=NOT MET"` the meaning of a status word.
    """
    columns: dict[Role, str] = {}
    words: dict[str, Result] = {}
    sheet: str | None = None
    mistakes: list[str] = []
    for option in options:
        key, _equals, value = option.partition("=")
        key, value = key.strip(), value.strip().strip("\"'")
        if not value:
            write = 'status="Implementation State" or "word:Mostly done=NOT MET"'
            mistakes.append(f"--map {shown(option)} says nothing; write it as {write}")
            continue
        try:
            if key.lower().startswith("word:"):
                words[key[len("word:") :].strip()] = _result(value)
            elif key.lower() == SHEET:
                sheet = value
            else:
                columns[_role(key)] = value
        except BadFindings as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise BadFindings(mistakes)
    return Profile(columns, words, sheet)


def read_profile(name: str, content: bytes) -> Profile:
    """The profile that a file's bytes hold (YAML, or JSON, which is YAML too); `BadFindings` for anything else."""
    tree = parse_yaml(name, decoded(name, content))
    if not isinstance(tree, Mapping) or not set(tree) <= set(_KEYS):
        raise BadFindings(f"{name}: a profile is a map with the keys {', '.join(_KEYS)} and nothing else")
    columns, words, sheet = tree.get("columns") or {}, tree.get("words") or {}, tree.get("sheet")
    if not (_is_texts(columns) and _is_texts(words) and isinstance(sheet, str | None)):
        raise BadFindings(f"{name}: columns and words are maps from one text to another, and sheet is a text")
    try:
        return Profile(
            {_role(key): value for key, value in columns.items()},
            {word: _result(value) for word, value in words.items()},
            sheet,
        )
    except BadFindings as error:
        raise BadFindings(f"{name}: {mistake}" for mistake in error.mistakes) from None


def write_profile(profile: Profile) -> bytes:
    """The profile as a YAML file, the same bytes for the same profile."""
    tree: dict[str, object] = {
        "columns": {role.value: name for role, name in profile.columns.items()},
        "words": {word: result.value for word, result in profile.words.items()},
    }
    if profile.sheet is not None:
        tree["sheet"] = profile.sheet
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=True).encode()


def _role(key: str) -> Role:
    word = key.strip().lower()
    if word in set(Role):
        return Role(word)
    if word in _MEANT:
        return _MEANT[word]
    raise BadFindings(f"--map {shown(key)} is nothing that a column can be; write {either([*Role, SHEET])}, or word:…")


def _result(value: str) -> Result:
    for result in Result:
        if folded(value) in {folded(result), folded(result).replace("/", "")}:
            return result
    raise BadFindings(f"{shown(value)} is no result; write {either(Result)}")


def _is_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values())
