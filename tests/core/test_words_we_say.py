"""What our texts cite is in the law, and every template is said somewhere."""

import re
from pathlib import Path

import pytest

import cmmc_jira
from cmmc_jira.core import citations
from cmmc_jira.core.text import render
from cmmc_rules.law import load_law

PACKAGE = Path(cmmc_jira.__file__).parent
CITED = {name: value for name, value in vars(citations).items() if name.isupper()}
TEMPLATES = sorted(path.stem for path in (PACKAGE / "templates").glob("*.wiki"))


@pytest.mark.parametrize("name", sorted(CITED))
def test_what_a_text_cites_is_in_the_law(name: str) -> None:
    law = load_law()
    assert any(has == CITED[name] or has.startswith((f"{CITED[name]} ", f"{CITED[name]}(")) for has in law.citations), (
        CITED[name]
    )


def test_every_template_is_used_and_every_name_that_is_rendered_is_a_template() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    rendered = set(re.findall(r'render\(\s*"([a-z-]+)"', code))
    assert rendered == set(TEMPLATES)


def test_a_paragraph_of_a_citation_that_looks_like_a_face_is_shown_as_text() -> None:
    shown = render("closed", {"because": "it stands in 32 CFR 170.21(a)(2)(i)"})
    assert r"170.21(a)(2)\(i)" in shown
