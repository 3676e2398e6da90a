"""What people typed becomes text that shows itself and does nothing else."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from cmmc_jira.core.text import Markup, cut, escape, reference, render, resolve
from jira_sandbox import wiki


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain words, with commas.", "plain words, with commas."),
        ("non-FIPS encryption", "non-FIPS encryption"),
        ("{color:red}loud{color}", r"\{color:red\}loud\{color\}"),
        ("[~accountid:abc]", r"\[\~accountid:abc\]"),
        ("!http://evil.example/x.png!", "\\!http:\u2060//evil.example/x.png\\!"),
        ("see [here|http://evil.example]", "see \\[here\\|http:\u2060//evil.example\\]"),
        ("a|b", r"a\|b"),
        ("||a||", r"\|\|a\|\|"),
        ("*bold* _it_ +ins+ ^up^ ~down~ -gone-", r"\*bold\* \_it\_ \+ins\+ \^up\^ \~down\~ \-gone\-"),
        ("back\\slash", r"back\slash"),
        ("end\\", r"end&#92;"),
        ("\\*not bold*", r"&#92;\*not bold\*"),
        ("170.21(a)(2)(i)", r"170.21(a)(2)\(i)"),
        ("(x) (/) (!) (*r) (on)", r"\(x) \(/) \(\!) \(\*r) \(on)"),
        ("(iii) (ok)", "(iii) (ok)"),
        ("so :) and ;D", "so &#58;) and &#59;D"),
        ("h1. Title", "h1\u2060. Title"),
        ("bq. quoted", "bq\u2060. quoted"),
        ("# item", r"\# item"),
        ("- item", r"\- item"),
        ("??cite??", r"\??cite\??"),
        ("mailto:x@example.com", "mailto:\u2060x@example.com"),
    ],
)
def test_markup_that_somebody_typed_is_shown_as_typed(typed: str, shown: str) -> None:
    assert escape(typed) == shown


def test_line_breaks_never_put_typed_text_at_the_start_of_a_line() -> None:
    assert escape("one\n* two\r\n\nh1. three") == "one \\\\ \\* two \\\\ h1\u2060. three"


def test_characters_that_hide_or_reorder_text_are_dropped() -> None:
    assert escape("a\u202eb\x00c\ue000AC.L2-3.1.1\ue000") == "abcAC.L2-3.1.1"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_nothing_typed_can_open_a_macro_a_link_or_a_reference(typed: str) -> None:
    shown = escape(typed)
    assert "\n" not in shown
    assert "\ue000" not in shown
    for place, character in enumerate(shown):
        if character in "{[|!":
            assert shown[place - 1] == "\\"


MARKUP = st.text(alphabet="ab1 {}[]|*_^~+!#-?\\()/:;.&<>hqxi%", max_size=24)


@given(MARKUP)
def test_jira_shows_what_was_typed_and_nothing_else(typed: str) -> None:
    shown = str(wiki.render(f"note: {escape(typed)}"))
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {"p"}
    assert text_of(shown) == " ".join(f"note: {typed}".split())


def text_of(html: str) -> str:
    """Return the words of a page's fragment, without what keeps links from being links."""
    words = unescape(re.sub(r"<[^>]*>", "", html)).replace("\u2060", "")
    return " ".join(words.split())


def test_what_the_product_wrote_itself_is_not_escaped_again() -> None:
    assert render("closed", {"because": Markup("*so*")}) == "Closed: *so*\n"
    assert render("closed", {"because": "*so*"}) == "Closed: \\*so\\*\n"


def test_a_template_with_a_name_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("closed", {})


def test_a_reference_becomes_the_key_once_there_is_one() -> None:
    text = f"see {reference('AC.L2-3.1.3')}"
    assert resolve(text, {"AC.L2-3.1.3": "CMMC-7"}) == "see CMMC-7"
    assert resolve(text, {}) == "see AC.L2-3.1.3"


@pytest.mark.parametrize("length", [9, 10, 11])
def test_only_what_is_too_long_is_cut_and_then_it_points_to_the_rest(length: int) -> None:
    text = cut("x" * length, 10, pointer="more")
    assert len(text) <= 10
    assert text.endswith("more") == (length > 10)
