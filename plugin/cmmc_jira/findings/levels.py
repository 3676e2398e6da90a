"""Which CMMC level a file's ids are of."""

from collections.abc import Iterable

from cmmc_jira.findings.columns import Layout
from cmmc_jira.findings.headings import Role
from cmmc_rules.ids import IdRead, read_id
from cmmc_rules.law import Law
from cmmc_rules.words import Level


def reads(layouts: Iterable[Layout]) -> tuple[IdRead, ...]:
    """What the ids of the tables say, each once."""
    cells = {
        row.cell(layout.columns[role])
        for layout in layouts
        for row in layout.rows
        for role in (Role.ID, Role.OBJECTIVE)
        if role in layout.columns
    }
    return tuple(read for cell in sorted(cells) if isinstance(read := read_id(cell), IdRead))


def level_of(ids: Iterable[IdRead], law: Law) -> Level | None:
    """The level that the ids can only be of; None when they fit Level 1 as well as Level 2.

    FAR items are Level 1, numbers that end in `e` Level 3. Numbers that Level 1 does not take over make it Level 2, as
    does a single `L2` before an id; people write `L1` in Level 2 assessments too, for the requirements of both.
    """
    found = tuple(ids)
    shared = {number for requirement in law.requirements(Level.ONE) for number in requirement.numbers}
    numbers = {read.number for read in found if read.number}
    enhanced = {number for number in numbers if number.endswith("e")}
    if found and len(enhanced) * 2 > len(found):
        return Level.THREE
    if any(number not in shared for number in numbers - enhanced) or any(read.level is Level.TWO for read in found):
        return Level.TWO
    if any(read.item for read in found) or (found and all(read.level is Level.ONE for read in found)):
        return Level.ONE
    return None
