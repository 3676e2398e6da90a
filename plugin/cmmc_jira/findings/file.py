"""What a findings file was read as, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cmmc_rules.answers import Notice
from cmmc_rules.records import Finding
from cmmc_rules.words import Level, Path, Result

MAX_BYTES = 25 * 1024 * 1024
"""The largest findings file that is read; what is larger is to be refused before its bytes are loaded."""


@dataclass(frozen=True, slots=True)
class FindingsFile:
    """What a findings file says, and how it was understood.

    `format` is for people ("CSV", "DoD eMASS results workbook"). `level`, `path` and `unlisted` (what silence means)
    are set when the file itself says them. Each finding's `row` is its place in the file ("row 12", "Sheet1 row 12",
    "findings[3]"). `notices` hold conflicts, unread rows, readings to confirm, and points that differ from the law's.
    `columns` says which column was taken for what. `owners` and `due` hold, by requirement id, whom and which day the
    file names for the work: they are facts of no assessment and suggestions at most. `digest` is the SHA-256 of the
    file's bytes.
    """

    format: str
    level: Level | None
    path: Path | None
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, date] = field(default_factory=dict)
    digest: str = ""
    unlisted: Result | None = None
