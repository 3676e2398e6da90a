"""Cases of the law: an assessment document and what must be true of its evaluation, written as YAML."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from cmmc_jira.export.evaluation import as_json
from cmmc_jira.findings.document import read_document
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment

FOLDER = Path(__file__).parents[1] / "law"
LAW = load_law()


class _Loader(yaml.SafeLoader):
    """YAML with dates left as the text that a document holds."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Case:
    """One sentence about the law. `days` holds what must be true on which day; "" is the document's own."""

    sentence: str
    document: Mapping[str, Any]
    days: Mapping[str, Mapping[str, Any]]


def cases() -> Iterator[Case]:
    """Every case of every file, its document laid over the file's `base`."""
    for file in sorted(FOLDER.glob("*.yaml")):
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
        for case in found["cases"]:
            document = _laid_over(found.get("base", {}), case.get("document", {}))
            days = {"": case["expect"]} if "expect" in case else case["days"]
            yield Case(f"{file.stem}: {case['case']}", _written_out(document), days)


def assessment(document: Mapping[str, Any], day: str = "") -> Assessment:
    """The assessment of a document, on that day if one is given."""
    asked = date.fromisoformat(day) if day else None
    return read_document(document, law=LAW, as_of=date(2026, 6, 1), day=asked)


def seen(case: Case, day: str) -> Mapping[str, Any]:
    """What the evaluation says under the keys that the case expects, in the case's short form."""
    answer = as_json(evaluate(assessment(case.document, day), LAW))
    return {key: _short(key, answer[key], wanted) for key, wanted in case.days[day].items()}


def deferrable(level: int) -> Sequence[str]:
    """The requirements that may be on a POA&M whatever their state, by a table drawn up apart from the law."""
    with (FOLDER / f"catalog-level-{level}.csv").open(encoding="utf-8", newline="") as rows:
        return [row["id"] for row in csv.DictReader(rows) if row["poam"] == "yes"]


def _laid_over(base: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in document.items():
        both = isinstance(value, Mapping) and isinstance(base.get(key), Mapping)
        merged[key] = _laid_over(base[key], value) if both else value
    return merged


def _written_out(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `not_met: [ids]` and `not_met_deferrable: n` written out as findings."""
    ids = list(document.pop("not_met", ()))
    ids += deferrable(document["level"])[: document.pop("not_met_deferrable", 0)]
    document["findings"] = [*document.get("findings", ()), *({"id": each, "result": "NOT MET"} for each in ids)]
    return document


def _short(key: str, value: Any, wanted: Any) -> Any:  # noqa: ANN401 - any JSON
    """Gates as id and answer, reasons as code and requirement, items as the keys that are asked for."""
    if key == "gates":
        return {gate["id"]: gate["held"] for gate in value}
    if key in {"reasons", "notices"}:
        return [f"{each['code']} {each['requirement'] or ''}".strip() for each in value]
    if key == "items":
        return _items(value, wanted)
    if key in {"reevaluation", "appeal"}:
        return {name: _short(name, each, None) for name, each in value.items() if name in wanted}
    return value


def _items(items: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    return {item["requirement"]: {key: item[key] for key in wanted.get(item["requirement"], item)} for item in items}
