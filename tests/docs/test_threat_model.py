"""The threat model names tests that there are, and every attacker has one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_every_test_that_it_names_is_there() -> None:
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert len(named) > 20
    assert not set(named) - TESTS


def test_every_threat_has_a_test_that_proves_its_defence() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| Who |")]
    assert len(rows) > 10
    assert all("`test_" in row.rpartition(" | ")[2] for row in rows)
