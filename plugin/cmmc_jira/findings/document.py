"""Assessment documents: our own JSON or YAML form, which says everything that an evaluation needs to know."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import statement
from cmmc_jira.findings.agreement import disagreements
from cmmc_jira.findings.encoding import decoded
from cmmc_jira.findings.file import FindingsFile
from cmmc_jira.findings.kind import Kind, check_bytes, text_kind
from cmmc_jira.findings.place import Place, Word, either, folded, shown
from cmmc_jira.findings.tree import parse_json, parse_yaml
from cmmc_rules.answers import Notice
from cmmc_rules.law import Law
from cmmc_rules.records import Assessment, Context, Dates
from cmmc_rules.words import PATHS_OF_LEVEL, Level, Path, Result, Route, Status

_Said = TypeVar("_Said")

KEYS = ("level", "path", "unlisted", "findings", "poam", "closeout", "context", "dates")
MOST_MISTAKES = 50

_DATES = (
    "as_of",
    "cmmc_status_date",
    "active_assessment_end",
    "findings_report_delivered",
    "request_date",
    "closeout_assessed",
    "closeout_posted",
    "closeout_affirmed_on",
    "trigger",
    "filed",
)
_FLAGS = (
    "ssp_present",
    "scope_changed",
    "additional_evidence_available",
    "affects_other_requirements",
    "closeout_assessment",
)
_OURS_ALONE = frozenset({"path", "unlisted", "poam", "closeout", "context", "dates"})
_EVALUATED = frozenset({"gates", "items", "not_assessed"})


def is_document(data: object) -> bool:
    """Whether a JSON or YAML value means to be an assessment document rather than some tool's list of findings."""
    if not isinstance(data, Mapping):
        return False
    if _OURS_ALONE & set(data) and ("findings" in data or "level" in data or len(_OURS_ALONE & set(data)) > 1):
        return True
    rows = data.get("findings")
    first = rows[0] if isinstance(rows, list) and rows else None
    ours = isinstance(first, Mapping) and "id" in first and bool({"result", "objectives", "claim"} & set(first))
    return ours and set(data) <= set(KEYS)


def document_in(name: str, content: bytes) -> object | None:
    """The document that a file's bytes hold, as a tree, or None when the file is something else.

    Raises `BadFindings` when the file cannot be read as what it looks like.
    """
    if check_bytes(name, content):
        return None
    text = decoded(name, content)
    kind = text_kind(name, text)
    if kind not in {Kind.JSON, Kind.YAML}:
        return None
    tree = parse_json(name, text) if kind is Kind.JSON else parse_yaml(name, text)
    return tree if is_document(tree) else None


def read_document(
    data: object,
    *,
    law: Law,
    as_of: date,
    level: Level | None = None,
    path: Path | None = None,
    status_date: date | None = None,
    unlisted: Result | None = None,
    day: date | None = None,
) -> Assessment:
    """The assessment that the document describes; everything wrong with it is told at once, each with its key.

    `as_of` counts where the document names no day of its own. The other arguments are what was said beside the
    document: they complete it, and count more than it; where they contradict it, a notice says so. `day` asks for
    another day than the document's and is no contradiction.
    """
    top = Place(data, "", [])
    if not isinstance(data, Mapping):
        raise BadFindings(f"an assessment document is a map with the keys {', '.join(KEYS)}; this is {shown(data)}")
    if set(data) >= _EVALUATED:
        raise BadFindings("this is an evaluation as this command gives it; give the assessment it was made from")
    keys = top.mapping(KEYS)
    notices: list[Notice] = []
    if (said := _level(keys.get("level"))) is not None or level is not None:
        level = _settled("level", said, level, notices)
    path = _settled("path", _word(keys.get("path"), Path), path, notices)
    unlisted = _settled("unlisted", _word(keys.get("unlisted"), (Result.MET, Result.NOT_ASSESSED)), unlisted, notices)
    _fits(top, keys, level, path)
    dates = _dates(
        keys.get("dates", top.at("dates", {})), as_of=as_of, day=day, status_date=status_date, notices=notices
    )
    context = _context(keys.get("context"))
    requirements = law.requirements(level) if level is not None else ()
    named = keys if level is not None else {}  # without a level nobody can say which ids are right
    findings = statement.findings(named.get("findings"), requirements)
    poam = statement.poam(named.get("poam"), requirements)
    closeout = statement.closeout(named.get("closeout"), requirements)
    if top.mistakes or level is None or path is None:
        raise BadFindings(_told(top.mistakes))
    notices.extend(disagreements(findings))
    return Assessment(
        level=level,
        path=path,
        findings=findings,
        dates=dates,
        unlisted=unlisted or Result.NOT_ASSESSED,
        poam=poam,
        closeout=closeout,
        context=context,
        notices=tuple(notices),
    )


def document_file(
    name: str, data: object, *, law: Law, level: Level | None = None, path: Path | None = None, digest: str = ""
) -> FindingsFile:
    """The findings of a document that is used as a findings file, and what its silence means; the rest is told.

    The path may be missing: findings are the same on every path of a level.
    """
    said = data.get("path") if isinstance(data, Mapping) else None
    asked = level or (_level(Place(data.get("level"), "level", [])) if isinstance(data, Mapping) else None)
    assumed = None if said is not None or path is not None or asked is None else PATHS_OF_LEVEL[asked][0]
    try:
        assessment = read_document(data, law=law, as_of=date.max, level=level, path=path or assumed)
    except BadFindings as error:
        raise BadFindings(f"{name}, {mistake}" for mistake in error.mistakes) from None
    taken = ("level", "path", "unlisted", "findings")
    rest = [key for key in KEYS if key not in taken and isinstance(data, Mapping) and data.get(key) is not None]
    words = f"Only its findings and what its silence means were taken, not its {', '.join(rest)}."
    left = Notice("DOCUMENT_FINDINGS_ONLY", words, row=name)
    return FindingsFile(
        format="assessment document",
        level=assessment.level,
        path=None if assumed else assessment.path,
        findings=assessment.findings,
        unlisted=assessment.unlisted if isinstance(data, Mapping) and data.get("unlisted") is not None else None,
        notices=(*assessment.notices, *((left,) if rest else ())),
        digest=digest,
    )


def _told(mistakes: list[str]) -> list[str]:
    more = len(mistakes) - MOST_MISTAKES
    return [*mistakes[:MOST_MISTAKES], f"and {more} more mistakes of this kind"] if more > 0 else mistakes


def _level(place: Place | None) -> Level | None:
    if place is None:
        return None
    text = folded(str(place.value)).removeprefix("LEVEL").removeprefix("L").strip()
    if isinstance(place.value, bool) or text not in {"1", "2", "3"}:
        place.wrong(f"{shown(place.value)} is not a CMMC level; write 1, 2 or 3")
        return None
    return Level(int(text))


def _word(place: Place | None, words: Iterable[Word]) -> Word | None:
    return None if place is None else place.word(words)


def _settled(key: str, said: _Said | None, option: _Said | None, notices: list[Notice]) -> _Said | None:
    """The option where there is one; where the document contradicts it, a notice."""
    if option is None or said is None or said == option:
        return said if option is None else option
    notices.append(Notice("OPTION_COUNTS", f"The document says {key} {said}; the option {option} was taken.", row=key))
    return option


def _fits(top: Place, keys: Mapping[str, Place], level: Level | None, path: Path | None) -> None:
    for key, value, choices in (("level", level, ("1", "2", "3")), ("path", path, tuple(Path))):
        if value is None and key not in keys:
            top.at(key, None).wrong(f"missing; write {either(choices)} here, or give --{key}")
    if level is not None and path is not None and path not in PATHS_OF_LEVEL[level]:
        top.at("path" if _said_here(keys, "path", path) else "--path", path).wrong(
            f"{path} does not assess level {level.value}; on this level write {either(PATHS_OF_LEVEL[level])}"
        )


def _said_here(keys: Mapping[str, Place], key: str, value: str) -> bool:
    """Whether the document itself says this, rather than an option."""
    return key in keys and folded(str(keys[key].value)) == folded(value)


def _dates(place: Place, *, as_of: date, day: date | None, status_date: date | None, notices: list[Notice]) -> Dates:
    entries = place.mapping((*_DATES, "annual_affirmations"))
    days = {key: entries[key].day() for key in _DATES if key in entries}
    affirmed = entries["annual_affirmations"].items() if "annual_affirmations" in entries else []
    said = days.pop("as_of", None)
    today = day or said or as_of
    posted = _settled("cmmc_status_date", days.pop("cmmc_status_date", None), status_date, notices)
    if posted is not None and posted > today:
        where = place.at("cmmc_status_date", posted)
        (where if status_date is None else replace(where, key="--status-date")).wrong(
            f"{posted} lies after {today}, the day this is evaluated for; a status is dated when it is posted"
        )
    return Dates(
        as_of=today,
        cmmc_status_date=posted,
        annual_affirmations=tuple(sorted(found for item in affirmed if (found := item.day()) is not None)),
        **days,
    )


def _context(place: Place | None) -> Context:
    if place is None:
        return Context()
    entries = place.mapping((*_FLAGS, "level2_status_on_scope", "route"))
    flags = {key: entries[key].flag() for key in _FLAGS if key in entries}
    return Context(
        ssp_present=flags.get("ssp_present"),
        level2_status_on_scope=_word(entries.get("level2_status_on_scope"), Status),
        scope_changed=bool(flags.get("scope_changed")),
        additional_evidence_available=flags.get("additional_evidence_available"),
        affects_other_requirements=flags.get("affects_other_requirements"),
        closeout_assessment=bool(flags.get("closeout_assessment")),
        route=_word(entries.get("route"), Route),
    )
