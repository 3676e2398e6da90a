"""Rows that contradict each other: the law takes the worst of them, and a person should know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cmmc_jira.findings.places import together
from cmmc_rules.answers import Notice
from cmmc_rules.records import Finding
from cmmc_rules.words import Result

_CITE = "32 CFR 170.24(b)"
_GOOD = frozenset({Result.MET, Result.NA})

Key = tuple[str, str, str]


def disagreements(findings: Sequence[Finding]) -> Iterator[Notice]:
    """Notices for rows of one requirement and asset that disagree, that repeat each other, or that its objectives deny."""
    said: dict[Key, list[tuple[Result, str]]] = {}
    for finding in findings:
        for letter, result in _results(finding):
            said.setdefault((finding.requirement, finding.asset or "", letter), []).append((result, finding.row or ""))
    for key in sorted(said):
        yield from _same_key(key, said[key])
    wholes = sorted(key for key in said if not key[2])
    for key in wholes:
        yield from _whole_and_parts(key, said[key], {k: v for k, v in said.items() if k[:2] == key[:2] and k[2]})


def _results(finding: Finding) -> Iterator[tuple[str, Result]]:
    if finding.result is not None:
        yield "", finding.result
    yield from finding.objectives.items()


def _same_key(key: Key, rows: Sequence[tuple[Result, str]]) -> Iterator[Notice]:
    requirement, asset, letter = key
    if len(rows) < 2:  # noqa: PLR2004 - a pair
        return
    name = f"{requirement}{f'[{letter}]' if len(letter) == 1 else letter and ' ' + letter}{asset and f' on {asset!r}'}"
    places = together(place for _result, place in rows)
    results = sorted({result for result, _place in rows})
    if len(results) == 1:
        yield Notice(
            "DUPLICATE_ROWS", f"{name} stands in several rows, each time {results[0]}.", requirement, row=places
        )
        return
    taken = _worst(results)
    because = f"The rows of {name} disagree: {' and '.join(results)}. {taken} counts."
    yield Notice("CONFLICT", because, requirement, _CITE, places)


def _whole_and_parts(
    key: Key, rows: Sequence[tuple[Result, str]], parts: Mapping[Key, Sequence[tuple[Result, str]]]
) -> Iterator[Notice]:
    requirement = key[0]
    said = _worst(result for result, _place in rows)
    unmet = [
        (part[2], place) for part, each in sorted(parts.items()) for result, place in each if result is Result.NOT_MET
    ]
    every = {result for each in parts.values() for result, _place in each}
    places = [place for _result, place in rows]
    if said in _GOOD and unmet:
        letters = ", ".join(dict.fromkeys(letter for letter, _place in unmet))
        because = f"{requirement} is called {said}, but its objective {letters} is NOT MET. NOT MET counts."
        yield Notice("CONFLICT", because, requirement, _CITE, together([*places, *(place for _letter, place in unmet)]))
    elif said is Result.NOT_MET and every and every <= _GOOD:
        because = f"{requirement} is called NOT MET, but none of its objectives is. NOT MET counts."
        yield Notice("CONFLICT", because, requirement, _CITE, together(places))


def _worst(results: Iterable[Result]) -> Result:
    order = (Result.NOT_MET, Result.NOT_ASSESSED, Result.MET, Result.NA)
    return min(results, key=order.index)
