"""What a check says: whether all is well, else what is wrong, where, why it matters and how it is mended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cmmc_jira.errors import CmmcJiraError, JiraUnavailable, StoreUnavailable

_TELLS: Final = re.compile(
    r"(?i)(add|ask|attach|check|delete|give|grant|if|install|let|log|make|put|rename|run|see|set|use|write)\b"
)
"""How a mend begins; a colon may as well be followed by Jira's own words."""


class Grade(StrEnum):
    """How grave it is: only a fault stops the work."""

    FAULT = "fault"
    WARN = "warn"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found in one place; `mend` is empty where nothing is wrong.

    `passing` says that waiting is the mend: Jira or the database was away.
    """

    check: str
    grade: Grade
    what: str
    where: str
    why: str
    mend: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: its name, where it is mended, and why it matters."""

    name: str
    where: str
    why: str

    def ok(self, what: str) -> Verdict:
        """Return that all is well."""
        return Verdict(self.name, Grade.OK, what, self.where, self.why)

    def warn(self, what: str, mend: str, *, where: str = "") -> Verdict:
        """Return that something is wrong with which the work goes on."""
        return Verdict(self.name, Grade.WARN, what, where or self.where, self.why, mend)

    def fault(self, what: str, mend: str, *, where: str = "", passing: bool = False) -> Verdict:
        """Return that something stops the work."""
        return Verdict(self.name, Grade.FAULT, what, where or self.where, self.why, mend, passing=passing)

    def refused(self, error: CmmcJiraError, *, where: str = "") -> Iterable[Verdict]:
        """Yield what an error says, a fault for each of its sentences, parted into what is wrong and the mend."""
        passing = isinstance(error, JiraUnavailable | StoreUnavailable)
        usual = "Wait, then look again." if passing else "Ask Jira's administrator."
        for sentence in str(error).splitlines():
            what, _, mend = sentence.rpartition(": ")
            if what and _TELLS.match(mend):
                yield self.fault(f"{what}.", f"{mend[0].upper()}{mend[1:]}", where=where, passing=passing)
            else:
                yield self.fault(sentence, usual, where=where, passing=passing)
