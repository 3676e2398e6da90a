"""What a person should know of rows that were read, or could not be."""

from collections.abc import Iterable, Iterator, Sequence

from cmmc_jira.findings.place import shown
from cmmc_jira.findings.places import together
from cmmc_jira.findings.rows import Stated, Unread
from cmmc_jira.findings.statuses import folded_word, is_decision, is_plan_state
from cmmc_rules.answers import Notice
from cmmc_rules.words import Result


def unread_rows(unread: Iterable[Unread]) -> Iterator[Notice]:
    """One notice for each row that names nothing to assess."""
    for each in unread:
        yield Notice("ROW_UNREAD", f"not read: {each.because}", row=each.place)


def headings(places: Sequence[str]) -> Iterator[Notice]:
    """One notice for all rows that hold a title or a family's name and no status."""
    if places:
        yield Notice(
            "ROWS_WITHOUT_STATUS",
            "these rows name no requirement and no status; they were taken as headings",
            row=together(places),
        )


def status_words(stated: Sequence[Stated]) -> Iterator[Notice]:
    """One notice for each word that is not known, or whose reading somebody should confirm, with its rows."""
    unknown = [each for each in stated if each.reading is None]
    for word, places in _by_word(unknown):
        because = (
            f"{shown(word)} is no status word that is known here, so {_them(places)} not assessed; {_why(word)}"
            f'say what it means with --map "word:{word[:60]}=MET" (or NOT MET, N/A)'
        )
        yield Notice("STATUS_UNKNOWN", because, row=together(places))
    doubtful = [each for each in stated if each.reading is not None and each.reading.confirm]
    for word, places in _by_word(doubtful):
        reading = next(each.reading for each in doubtful if each.finding.row == places[0])
        if reading is not None:
            because = (
                f"{shown(word)} was read as {reading.result}: {reading.confirm}; confirm it with "
                f'--map "word:{word[:60]}={reading.result}", or say what it means instead.'
            )
            yield Notice("CONFIRM_READING", because, row=together(places))


def carried(stated: Iterable[Stated]) -> Iterator[Notice]:
    """One notice for the rows without an id of their own that have neither objective nor asset to tell them apart."""
    rows = [
        each.finding.row or ""
        for each in stated
        if each.carried and not each.finding.objectives and not each.finding.asset
    ]
    if rows:
        yield Notice(
            "ROWS_CARRIED",
            "these rows name no requirement; they were read as part of the one above them",
            row=together(rows),
        )


def ids(stated: Iterable[Stated]) -> Iterator[Notice]:
    """What a table stood between: ids of another edition or level that were mapped."""
    for each in stated:
        if each.remark:
            yield Notice("ID_MAPPED", each.remark, each.requirement.id, row=each.finding.row)


def blank(stated: Sequence[Stated]) -> Iterator[Notice]:
    """A notice when no row says a result."""
    if stated and all(each.reading is not None and each.reading.result is Result.NOT_ASSESSED for each in stated):
        yield Notice("NOTHING_ASSESSED", "no row says a result yet, so every requirement counts as not assessed")


def _by_word(stated: Iterable[Stated]) -> Iterator[tuple[str, list[str]]]:
    words: dict[str, tuple[str, list[str]]] = {}
    for each in stated:
        words.setdefault(folded_word(each.word), (each.word, []))[1].append(each.finding.row or "")
    yield from words.values()


def _them(places: Sequence[str]) -> str:
    return "this row is" if len(places) == 1 else f"these {len(places)} rows are"


def _why(word: str) -> str:
    if is_decision(word):
        return "a decision, a share of responsibility or a severity is no finding; "
    if is_plan_state(word):
        return "a state of a POA&M item says nothing of the requirement until the closeout assessment; "
    return ""
