"""What the product says about gates, clocks and reason codes, read from YAML and tied to the rules it speaks of."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cmmc_rules.source import Spot
from cmmc_rules.words import Gate, Reason

PLACE: re.Pattern[str] = re.compile(r"\{([^{}]*)\}")
FOLDER = "explanations/"


@dataclass(frozen=True, slots=True)
class Note:
    """One explanation; in its texts `{key}` stands for the value of that rule. `rules` are the keys it rests on."""

    id: str
    title: str
    means: str
    do: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommonError:
    """A mistake people make, its answer, the rules that answer it and the names under which it is told."""

    error: str
    answer: str
    rules: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """All explanations by id."""

    reasons: Mapping[str, Note]
    gates: Mapping[str, Note]
    clocks: Mapping[str, Note]
    errors: tuple[CommonError, ...]


def read_notes(files: Mapping[str, Spot], rules: Collection[str], ids: Collection[str]) -> Notes:
    """The explanations of these files; each rule and name that they mention must exist, each code and gate be told."""
    found = {
        name: _notes(files.get(f"{FOLDER}{name}.yaml"), rules, needed)
        for name, needed in (("reasons", tuple(Reason)), ("gates", tuple(Gate)), ("clocks", None))
    }
    names = {*ids, *rules, *found["reasons"], *found["gates"], *found["clocks"]}
    return Notes(
        reasons=found["reasons"],
        gates=found["gates"],
        clocks=found["clocks"],
        errors=_errors(files.get(f"{FOLDER}errors.yaml"), rules, names),
    )


def _notes(top: Spot | None, rules: Collection[str], needed: Collection[str] | None) -> Mapping[str, Note]:
    if top is None:
        return MappingProxyType({})
    entries = top.entries() if needed is None else top.mapping(needed)
    return MappingProxyType({str(name): _note(str(name), spot, rules) for name, spot in entries.items()})


def _note(name: str, spot: Spot, rules: Collection[str]) -> Note:
    found = spot.mapping(("title", "means", "do", "rules"))
    title, means, do = (_told(found[key], rules) if key in found else "" for key in ("title", "means", "do"))
    return Note(name, title, means, do, _keys(found["rules"], rules) if "rules" in found else ())


def _errors(top: Spot | None, rules: Collection[str], names: Collection[str]) -> tuple[CommonError, ...]:
    errors: list[CommonError] = []
    for spot in top.entries().values() if top else ():
        found = spot.mapping(("error", "answer", "rules", "about"))
        if len(found) == 4:  # noqa: PLR2004 - one that lacks a part is a mistake already noted
            about = _keys(found["about"], names)
            told = (_told(found["error"], rules), _told(found["answer"], rules))
            errors.append(CommonError(*told, _keys(found["rules"], rules), about))
    return tuple(errors)


def _told(spot: Spot, rules: Collection[str]) -> str:
    text = spot.text()
    for key in PLACE.findall(text):
        if key not in rules:
            spot.wrong(f"the text speaks of {{{key}}}, and no rule has that key; name one that exists")
    return text


def _keys(spot: Spot, known: Collection[str]) -> tuple[str, ...]:
    for item in spot.items():
        if item.value not in known:
            item.wrong(f"{item.shown()} names nothing that exists; write the key of a rule or an id")
    return spot.texts()
