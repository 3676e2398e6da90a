"""How a findings file is to be read where its columns and words do not speak for themselves: `--map` and profiles."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cmmc_jira.cli.source import name_of, read_source
from cmmc_jira.errors import BadFindings, BadSetting
from cmmc_jira.findings.encoding import decoded
from cmmc_jira.findings.headings import Role
from cmmc_jira.findings.place import Place, either, folded, shown
from cmmc_jira.findings.tree import parse_json
from cmmc_rules.words import Result


@dataclass(frozen=True, slots=True)
class Settled:
    """What the user has settled: the column of each role, and what status words mean."""

    columns: Mapping[str, str]
    words: Mapping[str, Result]


def read_mapping(maps: Iterable[str], profile: str | None) -> Settled:
    """What a profile and the `--map` options say together; an option counts more than the profile."""
    settled = _profile(profile) if profile is not None else Settled({}, {})
    columns, words = dict(settled.columns), dict(settled.words)
    mistakes: list[str] = []
    for text in maps:
        what, equals, meant = (part.strip() for part in text.partition("="))
        if what.lower() in set(Role) and equals:
            columns[what.lower()] = meant
        elif what and meant and folded(meant) in {folded(result) for result in Result}:
            words[what] = Result(next(result for result in Result if folded(result) == folded(meant)))
        else:
            mistakes.append(
                f"--map {shown(text)}: write a column as {either(Role)}=its name in the file, "
                f"or a status word=its meaning, {either(Result)}"
            )
    if mistakes:
        raise BadSetting(mistakes)
    return Settled(columns, words)


def save_profile(file: str, settled: Settled) -> None:
    """Write a profile that `--profile` reads."""
    profile = {"columns": dict(settled.columns), "words": {word: each.value for word, each in settled.words.items()}}
    try:
        Path(file).write_text(json.dumps(profile, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not a file's"
        raise BadSetting(f"--save-profile {file}: this file cannot be written ({reason}); give another name") from None


def _profile(file: str) -> Settled:
    name = f"--profile {name_of(file)}"
    try:
        top = Place(parse_json(name, decoded(name, read_source(file))), name, [])
    except BadFindings as error:
        raise BadSetting(error.mistakes) from None
    keys = top.mapping(("columns", "words"))
    columns = {role: place.text() for role, place in keys["columns"].mapping(Role).items()} if "columns" in keys else {}
    words = {word: place.word(Result) for word, place in keys["words"].entries().items()} if "words" in keys else {}
    if top.mistakes:
        raise BadSetting(top.mistakes)
    return Settled(
        {role: column for role, column in columns.items() if column is not None},
        {word: result for word, result in words.items() if result is not None},
    )
