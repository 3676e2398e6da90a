"""The loader refuses what is not well-formed, with its file, line and key, and reads what is."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from cmmc_rules import keys
from cmmc_rules.dated import NotInForce
from cmmc_rules.law import Law, law_from, load_law, texts
from cmmc_rules.load import BadLaw
from cmmc_rules.words import Level

BAD = Path(__file__).parents[1] / "law" / "bad"
POAM = "32-cfr-170/170.21-poam.yaml"
DAYS = "{2024-12-16: 180}"
LINE = re.compile(r"line \d+")
PLACE = re.compile(r"(?P<file>[^,]+), line (?P<line>\d+), (?:the file|(?P<key>[^ ]+)): ")


def bad_laws() -> Iterator[Any]:
    for file in sorted(BAD.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]:
            yield pytest.param(case, id=f"{file.stem}: {case['case']}")


def changed(file: str, instead_of: str, write: str) -> Law:
    return law_from(files_with(file, instead_of, write))


def files_with(file: str, instead_of: str, write: str) -> dict[str, str]:
    files = dict(texts())
    if instead_of:
        assert instead_of in files[file], f"{file} no longer says {instead_of!r}; mend the case"
    files[file] = files[file].replace(instead_of, write, 1) if instead_of else write
    return files


@pytest.mark.parametrize("case", list(bad_laws()))
def test_the_loader_refuses(case: dict[str, Any]) -> None:
    files = files_with(case["file"], case.get("instead_of", ""), case["write"])
    with pytest.raises(BadLaw) as refusal:
        law_from(files)
    assert sorted(LINE.sub("line _", mistake) for mistake in refusal.value.mistakes) == sorted(case["says"])
    for mistake in refusal.value.mistakes:
        names_its_line(mistake, files)


def names_its_line(mistake: str, files: dict[str, str]) -> None:
    """The line that a mistake names is the one on which its key stands."""
    found = PLACE.match(mistake)
    if found and found["key"]:
        line = files[found["file"]].splitlines()[int(found["line"]) - 1]
        key = found["key"]
        assert key.endswith("]") or any(f"{key[at:]}:" in line for at in starts(key)), line


def starts(key: str) -> list[int]:
    """Where the last part of a dotted key may begin; ids have dots themselves."""
    return [0, *(place + 1 for place, letter in enumerate(key) if letter == ".")]


def test_every_mistake_is_told_at_once() -> None:
    files = dict(texts())
    files["other/cap.yaml"] = files["other/cap.yaml"].replace("compared: 2026-11-22", "compared: soon")
    files["other/sprs.yaml"] = files["other/sprs.yaml"].replace("    cite: SPRS", "    cites: SPRS")
    with pytest.raises(BadLaw) as refusal:
        law_from(files)
    assert len(refusal.value.mistakes) == 3
    assert {mistake.partition(",")[0] for mistake in refusal.value.mistakes} == {"other/cap.yaml", "other/sprs.yaml"}


def test_an_announced_change_takes_force_on_its_day() -> None:
    law = changed(POAM, DAYS, "{2024-12-16: 180, 2028-01-01: 90}")
    assert law.edition(date(2027, 12, 31))[keys.CLOSEOUT_DAYS].value == 180
    assert law.edition(date(2028, 1, 1))[keys.CLOSEOUT_DAYS].value == 90
    assert law.edition()[keys.CLOSEOUT_DAYS].value == 90


def test_a_change_leaves_everything_else_in_force() -> None:
    law = changed(POAM, DAYS, "{2024-12-16: 180, 2028-01-01: 90}")
    assert law.edition(date(2028, 1, 1))[keys.LEAST_RATIO[Level.TWO]].value == Fraction(4, 5)
    assert len(law.requirements(Level.TWO, date(2028, 1, 1))) == 110


def test_points_may_change_as_well() -> None:
    law = changed(
        "catalog/level-2.yaml",
        'points: {cite: "32 CFR 170.24(c)(2)(i)(B)(1)(i)", values: {2024-12-16: 5}}',
        'points: {cite: "32 CFR 170.24(c)(2)(i)(B)(1)(i)", values: {2024-12-16: 5, 2028-01-01: 3}}',
    )
    assert law.requirement("AC.L2-3.1.1", date(2027, 12, 31)).points == 5
    assert law.requirement("AC.L2-3.1.1", date(2028, 1, 1)).points == 3


def test_before_the_rule_nothing_is_in_force() -> None:
    with pytest.raises(NotInForce, match="not in force on 2024-12-15; it takes force on 2024-12-16"):
        load_law().edition(date(2024, 12, 15))
    assert load_law().edition(date(2024, 12, 16)).since == date(2024, 12, 16)


def test_a_figure_that_takes_force_later_is_not_in_force_before() -> None:
    law = changed(POAM, DAYS, "{2028-01-01: 180}")
    with pytest.raises(NotInForce, match=r"170\.21\.closeout\.days"):
        law.edition(date(2026, 6, 1))[keys.CLOSEOUT_DAYS]
    with pytest.raises(NotInForce, match=r"it takes force on 2028-01-01"):
        law.rules["170.21.closeout.days"].values.on(date(2027, 12, 31))


def test_an_unknown_requirement_is_not_found() -> None:
    with pytest.raises(KeyError):
        load_law().requirement("AC.L2-3.1.99")


def test_the_digest_names_the_text() -> None:
    assert load_law().digest == law_from(texts()).digest
    assert load_law().digest != changed(POAM, DAYS, "{2024-12-16: 180, 2028-01-01: 90}").digest


def test_the_law_is_read_once() -> None:
    assert load_law() is load_law()
