"""What a look has seen: one assessment as Jira holds it on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
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
class Move:
    """A change that somebody made: who (a user id, where Jira says it), and on which day."""

    by: str | None
    on: date


@dataclass(frozen=True, slots=True)
class World:
    """One assessment as Jira holds it.

    `issues` are ours by subject; `doubles` carry an identity that another issue already has. `files` are the
    attachments that were read, newest first, up to the newest one that is a findings file. `owners` resolves the
    names that the policy uses to user ids, `leads` a component's name to its lead's id, `people` ids to names.
    `at` is the time of day where the organisation is. `moves` tells, by subject, who last moved a due date that is not
    the one we know; `managers` are the members of the project role that stands in for an owner's manager, `myself` is
    the user id of the account that we act as. `renamed` is what this Jira calls fields of ours that have another name
    here. `tie` is the type of the links by which our issues hang together, None where these are no links. `rewritten`
    tells who replaced the text of the status issue since we wrote it.
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
    at: time = time(12)
    flavour: str = "cloud"
    moves: Mapping[str, Move] = field(default_factory=dict)
    managers: tuple[str, ...] = ()
    myself: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    tie: str | None = None
    rewritten: Move | None = None
