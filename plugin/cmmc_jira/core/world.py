"""What a look has seen: one assessment as Jira holds it on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from cmmc_jira.core.issues import Actual, Attachment
from cmmc_rules.answers import Notice
from cmmc_rules.records import Finding
from cmmc_rules.words import Level, Path, Result

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FileRead:
    """An attachment and what was read from it; `refused` is the sentence for people when it was not."""

    attachment: Attachment
    format: str = ""
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    level: Level | None = None
    path: Path | None = None
    unlisted: Result | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """One assessment as Jira holds it.

    `issues` are ours by subject; `doubles` carry an identity that another issue already has. `files` are the
    attachments that were read, newest first, up to the newest one that is a findings file. `owners` resolves the
    names that the policy uses to user ids, `leads` a component's name to its lead's id, `people` ids to names.
    """

    assessment: Actual
    day: date
    issues: Mapping[str, Actual]
    doubles: tuple[Actual, ...] = ()
    finding_issues: tuple[Actual, ...] = ()
    files: tuple[FileRead, ...] = ()
    owners: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    leads: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    people: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    notes: str = "pointer"
