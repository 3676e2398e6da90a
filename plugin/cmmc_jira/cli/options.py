"""Options that several commands share, and the kinds of value they take."""

from datetime import date
from typing import Final
from urllib.parse import urlsplit

import click

from cmmc_jira.errors import BadSetting
from cmmc_jira.findings.place import Place, either, shown
from cmmc_rules.words import Level, Path

HOOK_PATH: Final = "/webhooks/jira"
"""Where the service takes Jira's webhooks, below its own address."""


class DayType(click.ParamType[date]):
    """A calendar date, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that was written."""
        mistakes: list[str] = []
        day = Place(value, "", mistakes).day()
        if day is None:
            self.fail(mistakes[0], param, ctx)
        return day

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is shown in the help."""
        del param, ctx
        return "YYYY-MM-DD"


class LevelType(click.ParamType[Level]):
    """A CMMC level: 1, 2 or 3."""

    name = "level"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Level:
        """The level that was written."""
        text = str(value).strip()
        if text not in {"1", "2", "3"}:
            self.fail(f"'{text}' is not a CMMC level; write 1, 2 or 3", param, ctx)
        return Level(int(text))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is shown in the help."""
        del param, ctx
        return "[1|2|3]"


class PathType(click.ParamType[Path]):
    """An assessment path: Self, C3PAO or DIBCAC, in whatever case it is written."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that was written."""
        text = str(value).strip()
        path = next((path for path in Path if text.upper() == path.upper()), None)
        if path is None:
            self.fail(f"'{text}' is not an assessment path; write {either(Path)}", param, ctx)
        return path

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is shown in the help."""
        del param, ctx
        return f"[{'|'.join(Path)}]"


def check_key(key: str, *, project: str) -> str:
    """Return the key of an assessment issue in our project.

    Raises:
        BadSetting: it is no issue key, or one of another project.

    """
    named, _, number = key.strip().rpartition("-")
    if not (number.isascii() and number.isdecimal() and named.replace("_", "").isalnum()):
        raise BadSetting(f"{shown(key)} is no issue key: write the assessment's, for example {project}-1.")
    if named.upper() != project.upper():
        raise BadSetting(
            f"{shown(key)} is not in the project {project} that CMMC_JIRA_PROJECT names: give the key of an "
            "assessment there, or set the project that is meant."
        )
    return key.strip()


DAY = DayType()
LEVEL = LevelType()
PATH = PathType()


def webhook_mistakes(url: str) -> list[str]:
    """Return what is wrong with a --webhook-url, in a sentence; nothing where it could be the service's."""
    try:
        parts = urlsplit(url)
        told = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path.endswith(HOOK_PATH)
    except ValueError:
        told = False
    example = f"https://cmmc.example.com{HOOK_PATH}"
    return [] if told else [f"--webhook-url is {url!r}: write the service's address as {example}."]
