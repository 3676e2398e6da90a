"""How people write requirement ids: what a text says by itself, before anybody asks whether it exists."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from cmmc_rules.words import Level

FAMILIES: Mapping[str, str] = {
    "AC": "Access Control",
    "AT": "Awareness and Training",
    "AU": "Audit and Accountability",
    "CM": "Configuration Management",
    "IA": "Identification and Authentication",
    "IR": "Incident Response",
    "MA": "Maintenance",
    "MP": "Media Protection",
    "PS": "Personnel Security",
    "PE": "Physical Protection",
    "RA": "Risk Assessment",
    "CA": "Security Assessment",
    "SC": "System and Communications Protection",
    "SI": "System and Information Integrity",
}


class IdProblem(StrEnum):
    """Why a text names no requirement; the values end a sentence that begins with the text."""

    NOT_AN_ID = "is no requirement id; write one such as AC.L2-3.1.3 or 3.1.3"
    SEVERAL = "names more than one requirement or objective; give each a row of its own"
    FAMILY = "names a family of requirements; name one requirement, such as AC.L2-3.1.3"
    REV_3 = "is an id of NIST SP 800-171 Revision 3, which CMMC does not assess; give the ids of Revision 2"
    SP_800_53 = "is an id of NIST SP 800-53, which CMMC does not assess; write one such as AC.L2-3.1.3"
    CMMC_1 = "is a practice of CMMC 1.x that NIST SP 800-171 has no counterpart of; leave it out"
    UNKNOWN = "does not exist on this level"
    OTHER_LEVEL = "belongs to another level"
    OTHER_FAMILY = "has the letters of another family"
    NO_OBJECTIVE = "names an objective that the requirement does not have"
    OTHER_NAME = "is followed by the name of another requirement"


@dataclass(frozen=True, slots=True)
class IdRead:
    """What an id says by itself.

    `number` is the NIST number (`3.1.3`; Level 3: `3.1.2e`), `item` the FAR item instead (`b.1.iii`), one of the two.
    `family` and `level` are what stands before it: people write `L1` and `L2` for the same requirement. `letter` is
    the objective's, `title` the words behind the id, often its name. `practice` is the CMMC 1.x id that the number
    stands for. `padded` is the form `03.01.03`, which Revision 3 uses too: who reads a whole file must ask when
    anything else in it looks like Revision 3.
    """

    number: str | None = None
    item: str | None = None
    family: str | None = None
    level: Level | None = None
    letter: str | None = None
    title: str | None = None
    padded: bool = False
    practice: str | None = None


_LONGEST = 1000  # characters; a longer text is prose, whatever it holds
_BEFORE = re.compile(
    r"(?:(?:NIST[ -]*)?(?:SP[ -]*)?800-17[12]A?(?![0-9])(?:[ ,(]*R(?:EV(?:ISION)?)?\.? *(?P<revision>[0-9])\)?)?"
    r"|(?:48 *CFR *|FAR *)?52\.204-21|CMMC(?: *V?2(?:\.[0-9]+)?(?= ))?)?"
    r"[ ,:;-]*(?:SECTION|SEC\.|REQUIREMENT|REQ\.?(?= )|CONTROL|PRACTICE|OBJECTIVE|§)?[ :#-]*"
)
_TITLED = re.compile(r"(?P<id>.{2,40}?(?:[0-9IVXE\])]|[0-9.][A-Z])) *[:-]? +(?P<title>[A-Z]{3,}[^0-9]*)")
_LETTER = r"(?:[._:-]*[\[(]?(?P<letter>[A-Z])[\])]?)?"
_NUMBER = re.compile(
    r"(?P<family>[A-Z]{2})?[._:-]*(?:L(?P<level>[123]))?[._:-]*0?3\.(?P<part>[0-9]{1,2})\.(?P<last>[0-9]{1,2})"
    rf"(?P<enhanced>E(?![\])]))?{_LETTER}(?:\((?P<family_behind>[A-Z]{{2}})\))?"
)
_ITEM = re.compile(rf"(?:(?P<family>[A-Z]{{2}})[._:-]*L1[._:-]*)?\(?B[.()]+1[.()]+(?P<item>[IVX]+)\)?{_LETTER}")
_PRACTICE = re.compile(r"(?P<family>[A-Z]{2})[.-](?P<level>[1-5])\.(?P<last>[0-9]{3})")
_REV_3 = re.compile(r"03\.[0-9]{2}\.[0-9]{2}(?:\.[A-Z])?(?:\.[0-9]|\[[0-9]|\.ODP)")
_SP_800_53 = re.compile(r"(?:NIST)?(?:SP)?800-53|(?:A[CTU]|C[AMP]|I[AR]|M[AP]|P[ELMST]|RA|S[ACIR])-[0-9]{1,2}(?![0-9])")
_EACH = re.compile(r"(?<![0-9.])0?3\.[0-9]{1,2}\.[0-9]{1,2}|[A-Z]{2}\.[1-5]\.[0-9]{3}|B\.1\.[IVX]+")
_LETTERS = re.compile(r"[0-9][\[(.:-]*(?!N/A)[A-Z][\])]*(?:[,;/&+-]|AND)[\[(]*[A-Z](?![A-Z])")


def read_id(text: str) -> IdRead | IdProblem:
    """What the text says if it is one id, in whatever spelling; whether it exists is not looked at."""
    plain = _plain(text[:_LONGEST])
    before = _BEFORE.match(plain)
    if len(text) > _LONGEST or before is None:
        return IdProblem.NOT_AN_ID
    if before["revision"] == "3":
        return IdProblem.REV_3
    rest = plain[before.end() :]
    titled = _TITLED.fullmatch(rest)
    written, title = (titled["id"], titled["title"]) if titled else (rest, None)
    compact = _unwrapped(written.replace(" ", ""))
    if number := _NUMBER.fullmatch(compact):
        return _number(number, title)
    if item := _ITEM.fullmatch(compact):
        return IdRead(
            item=f"b.1.{item['item'].lower()}",
            family=item["family"],
            level=Level.ONE,
            letter=_lower(item["letter"]),
            title=title,
        )
    if practice := _PRACTICE.fullmatch(compact):
        known = _practices().get(f"{practice['family']}.{practice['level']}.{practice['last']}")
        return IdRead(number=known, practice=compact.replace("-", "."), title=title) if known else IdProblem.CMMC_1
    return _problem(rest)


@cache
def _practices() -> Mapping[str, str]:
    """The CMMC 1.x practices that have a counterpart, with its number."""
    table = files("cmmc_rules") / "regulation" / "catalog" / "cmmc-1.x.yaml"
    practices: dict[str, str] = yaml.safe_load(table.read_text(encoding="utf-8"))["practices"]
    return practices


def _plain(text: str) -> str:
    """The text upper-cased, with every dash a hyphen, every space a blank, and without what cannot be seen."""
    seen = "".join(_seen(character) for character in text)
    return " ".join(seen.upper().split()).strip(" *.:;,`\"'")


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphens, zero-width characters, byte order marks
        return ""
    return "-" if category == "Pd" or character == "\N{MINUS SIGN}" else character


def _unwrapped(text: str) -> str:
    if text[:1] + text[-1:] in {"()", "[]"} and not any(bracket in text[1:-1] for bracket in "()[]"):
        return text[1:-1]
    return text


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def _number(match: re.Match[str], title: str | None) -> IdRead | IdProblem:
    part, last = match["part"], match["last"]
    if part in {"15", "16", "17"}:
        return IdProblem.REV_3
    if match["family"] and match["family_behind"] not in {None, match["family"]}:
        return IdProblem.NOT_AN_ID
    level = Level(int(match["level"])) if match["level"] else None
    enhanced = match["enhanced"] or level is Level.THREE
    return IdRead(
        number=f"3.{int(part)}.{int(last)}{'e' if enhanced else ''}",
        family=match["family"] or match["family_behind"],
        level=level,
        letter=_lower(match["letter"]),
        title=title,
        padded=part.startswith("0") or last.startswith("0") or "03." in match.group(),
    )


def _problem(text: str) -> IdProblem:
    compact = text.replace(" ", "")
    ids = len(_EACH.findall(text))
    if _REV_3.search(compact):
        return IdProblem.REV_3
    if ids > 1 or (ids and _LETTERS.search(compact)):
        return IdProblem.SEVERAL
    if _SP_800_53.match(compact):
        return IdProblem.SP_800_53
    return IdProblem.FAMILY if _is_family(text) else IdProblem.NOT_AN_ID


def _is_family(text: str) -> bool:
    families = {letters(word) for word in (*FAMILIES, *FAMILIES.values())}
    unnumbered = re.sub(r"^0?3\.[0-9]{1,2}(?![0-9.])", "", text)
    words = re.split(r"[/,;|()\[\]:-]", re.sub(r"\bL(?:EVEL)? *[123]\b", "", unnumbered))
    named = {letters(word) for word in words} - {""}
    return named <= families and (bool(named) or unnumbered != text)


def letters(name: str) -> str:
    """The letters of a name alone, so that its marks, its `&` and its "(CUI Data)" do not matter."""
    bare = re.sub(r"[\[(](?:CUI|FCI) DATA[\])]", "", name.upper())
    return re.sub(r"\bAND\b|[^A-Z]", "", bare)
