"""When so much of a file could not be placed that it is no findings file of this level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.rows import Stated, Unread
from cmmc_rules.ids import IdProblem

_SHOWN: Final = 5
_WHOLE: Final[Mapping[IdProblem, str]] = {
    IdProblem.SP_800_53: "its ids are those of NIST SP 800-53, which CMMC does not assess",
    IdProblem.REV_3: "its ids are those of NIST SP 800-171 Revision 3, and CMMC assesses Revision 2",
    IdProblem.CMMC_1: "its ids are CMMC 1.x practices that have no counterpart now",
    IdProblem.SEVERAL: "its rows name several requirements each",
    IdProblem.FAMILY: "its rows name families of requirements",
}
_INSTEAD: Final = "give findings with an id such as AC.L2-3.1.3 or 3.1.3 in each row"


def check_placed(name: str, unread: Sequence[Unread], stated: Sequence[Stated]) -> None:
    """Raise `BadFindings` when more rows stay unread than were read, or the ids show that they are of Revision 3."""
    revision_3 = [each for each in unread if each.problem is IdProblem.REV_3]
    padded = any(each.padded for each in unread) or any(each.padded for each in stated)
    if revision_3 and padded:
        raise BadFindings(
            f"{name}: {_WHOLE[IdProblem.REV_3]} ({revision_3[0].place}: {revision_3[0].because}); {_INSTEAD}"
        )
    if len(unread) <= len(stated):
        return
    problem, count = Counter(each.problem for each in unread).most_common(1)[0]
    if count * 2 > len(unread) and problem in _WHOLE:
        first = next(each for each in unread if each.problem is problem)
        raise BadFindings(f"{name}: {_WHOLE[problem]} ({first.place}: {first.because}); {_INSTEAD}")
    rows = "; ".join(f"{each.place}: {each.because}" for each in unread[:_SHOWN])
    more = f"; and {len(unread) - _SHOWN:,} more" if len(unread) > _SHOWN else ""
    total = len(unread) + len(stated)
    raise BadFindings(
        f"{name}: {len(unread):,} of {total:,} rows could not be placed, more than were read: {rows}{more}"
    )
