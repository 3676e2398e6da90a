"""What this Jira calls the fields that a text of ours names, where a project gave them other names."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from cmmc_jira.core.issues import Said, Wanted
from cmmc_jira.core.text import NOTES_LINE, Markup, escape
from cmmc_manifests.schema import fields as field_specs

_RULE: Final = f"----\n{NOTES_LINE}"


def explained(issue: Wanted, renamed: Mapping[str, str]) -> Wanted:
    """Return an issue whose texts say what the fields that they name are called here; `renamed` is by our names."""
    if not renamed:
        return issue
    return replace(
        issue,
        description=_with_legend(issue.description, renamed),
        stable=_with_legend(issue.stable, renamed),
        says=tuple(said_here(said, renamed) for said in issue.says),
    )


def said_here(said: Said, renamed: Mapping[str, str]) -> Said:
    """Return a comment that says what the fields that it names are called here."""
    return replace(said, body=_with_legend(said.body, renamed)) if renamed else said


def _with_legend(text: str, renamed: Mapping[str, str]) -> str:
    named = [name for name in dict.fromkeys(_names().findall(text)) if name in renamed]
    if not named:
        return text
    called = ", ".join(f"{name} is {escape(renamed[name])}" for name in named)
    line = f"{{color:#6b778c}}In this Jira {called}.{{color}}\n"
    above, rule, below = text.partition(_RULE)
    return Markup(f"{above.rstrip()}\n\n{line}" + (f"\n{rule}{below}" if rule else ""))


@cache
def _names() -> re.Pattern[str]:
    """Return what finds our field names in a text, the longest first: one may be the end of another."""
    names = sorted((spec.name for spec in field_specs()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
