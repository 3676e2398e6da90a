"""A notice tells those it mentions what holds, what to do and what the rule says; nothing typed alters its shape."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cmmc_jira
from cmmc_jira.core.notice_text import check, compose, digest
from cmmc_jira.core.notice_values import assessment_values, item_values
from cmmc_jira.core.roles import Told
from cmmc_jira.core.text import resolve
from cmmc_jira.core.world import World
from cmmc_rules.evaluate import evaluate
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Assessment, Dates
from cmmc_rules.words import Level, Result
from cmmc_rules.words import Path as AssessmentPath
from jira_sandbox import wiki
from support.notices import DAY_0, OTHERS, POLICY, goldens
from support.worlds import LAW, LEAD, not_met, world

GOLDENS = Path(__file__).parents[1] / "goldens" / "notices"
TEMPLATES = Path(cmmc_jira.__file__).parent / "templates"
RUNGS = [(rung.say, ladder.clock) for ladder in POLICY.escalation.ladders for rung in ladder.rungs]
SAYS = dict(RUNGS)
DAY = date(2026, 9, 29)
RUN = Run(DAY_0, date(2026, 11, 28))
ADA = Told(("ada",))
DEFERRABLE = [row.id for row in LAW.requirements(Level.TWO) if row.points == 1][:12]


def values(clock: Clock, *requirements: str, seen: World | None = None) -> Mapping[str, object]:
    """Return what a notice on day 120 of a Level 2 self-assessment may use."""
    findings = {row.id: Result.MET for row in LAW.requirements(Level.TWO)}
    wanted = requirements or ("AC.L2-3.1.3",)
    assessed = not_met(*wanted)
    others = [replace(assessed[0], requirement=name, result=Result.MET) for name in findings if name not in wanted]
    assessment = Assessment(Level.TWO, AssessmentPath.SELF, (*assessed, *others), Dates(DAY, DAY_0))
    official = evaluate(assessment, LAW)
    seen = replace(seen or world(), day=DAY)
    if clock is Clock.ITEM_DUE:
        return item_values(official.items[0], world=seen, official=official, schedule=None, run=RUN)
    return assessment_values(clock, world=seen, official=official, schedule=None, run=RUN)


def composed(say: str, given: Mapping[str, object], *, told: Told = ADA, seen: World | None = None) -> str:
    return compose(say, given, told, world=seen or world(), slept=(), texts={})


def test_every_notice_reads_as_it_was_read_and_accepted_by_a_person(tmp_path: Path) -> None:
    pages = {say.replace("/", "-"): page for say, page in goldens().items()}
    for name, page in pages.items():
        (tmp_path / f"{name}.txt").write_text(page, encoding="utf-8")
    read = {file.stem: file.read_text(encoding="utf-8") for file in GOLDENS.glob("*.txt")}
    assert pages == read, f"Read the pages in {tmp_path}; if they are right, they are the goldens."


def test_every_text_is_said_by_a_rung_or_by_name_and_has_been_read() -> None:
    texts = {
        file.relative_to(TEMPLATES / "notices").with_suffix("").as_posix()
        for file in TEMPLATES.rglob("notices/**/*.wiki")
    }
    assert texts == {*SAYS, *OTHERS.values()}
    assert {text.replace("/", "-") for text in texts} == {file.stem for file in GOLDENS.glob("*.txt")}


@pytest.mark.parametrize(("say", "clock"), sorted(set(RUNGS)))
def test_our_texts_can_be_filled_in_for_their_clocks(say: str, clock: Clock) -> None:
    assert check(say, clock, {}) is None


@pytest.mark.parametrize("page", sorted(GOLDENS.glob("*.txt")), ids=lambda file: file.stem)
def test_jira_shows_every_notice_without_a_trace_of_markup(page: Path) -> None:
    for comment in page.read_text(encoding="utf-8").split("==== ")[1:]:
        shown = str(wiki.render(comment.partition("\n\n")[2]))
        words = unescape(re.sub(r"<[^>]*>", " ", shown))
        assert not set("*{}|\ue000") & set(words), words
        assert not re.search(r"(?m)^\s*#|_\w|\w_", words)


@pytest.mark.parametrize("page", sorted(GOLDENS.glob("*.txt")), ids=lambda file: file.stem)
def test_a_list_ends_before_the_next_sentence(page: Path) -> None:
    assert not re.search(r"(?m)^(?:[#*] .*|\|.*\|)\n(?![#*|=]|\Z)\S", page.read_text(encoding="utf-8"))


CITED = re.compile(r"\(((?:\d+ (?:CFR|FR) |DFARS |CAP |DoD CMMC FAQ ).*?)\)(?=[ .,;:]|$)", re.MULTILINE)


@pytest.mark.parametrize("page", sorted(GOLDENS.glob("*.txt")), ids=lambda file: file.stem)
def test_what_a_notice_says_of_the_law_carries_where_it_stands(page: Path) -> None:
    cited = CITED.findall(page.read_text(encoding="utf-8"))
    assert bool(cited) is (page.stem not in {"digest", "late-date", "target-due", "target-missed"})
    for cite in cited:
        assert any(has == cite or has.startswith((f"{cite} ", f"{cite}(")) for has in LAW.citations), cite


@pytest.mark.parametrize(
    ("flavour", "user", "mention"),
    [
        ("cloud", "712020:ab-cd", "[~accountid:712020:ab-cd]"),
        ("datacenter", "ada.byron", "[~ada.byron]"),
        ("datacenter", "ada]{color:red}[~everyone|x", "ada\\]\\{color:red\\}\\[\\~everyone\\|x"),
    ],
)
def test_people_are_mentioned_first_in_the_way_of_their_jira(flavour: str, user: str, mention: str) -> None:
    seen = replace(world(), flavour=flavour)
    body = composed("closeout/halfway", values(Clock.CONDITIONAL_CLOSEOUT), told=Told((user, "bo")), seen=seen)
    assert body.splitlines()[:2] == [f"{mention} [~{'accountid:' if flavour == 'cloud' else ''}bo]", ""]


def test_what_was_slept_through_and_who_is_not_known_comes_last() -> None:
    notes = ("No owner is known, so the compliance lead is told: assign the issue.",)
    body = compose(
        "item/due",
        values(Clock.ITEM_DUE),
        Told((LEAD,), notes),
        world=world(),
        slept=("14 days before (2026-08-03)", "7 days before (2026-08-10)"),
        texts={},
    )
    assert body.splitlines()[-2:] == [
        "_Not recorded here as said on its day: 14 days before (2026-08-03), 7 days before (2026-08-10)._",
        "_No owner is known, so the compliance lead is told: assign the issue._",
    ]


def test_a_notice_for_nobody_says_so() -> None:
    body = composed("closeout/halfway", values(Clock.CONDITIONAL_CLOSEOUT), told=Told(()))
    assert body.startswith("*Day 120 of 180.*")
    assert body.endswith("_Nobody is mentioned here, because nobody is known._\n")


def test_at_most_ten_open_items_are_listed_and_the_rest_is_counted() -> None:
    given = values(Clock.CONDITIONAL_CLOSEOUT, *DEFERRABLE)
    body = composed("closeout/warning", given)
    assert "All 12 items are open" in body
    assert sum(name in body for name in DEFERRABLE) == 10
    assert "* and 2 more\n" in body


@pytest.mark.parametrize(
    ("count", "words"), [(1, "The one item is open"), (2, "Both items are open"), (3, "All 3 items are open")]
)
def test_how_many_are_open_is_said_in_words(count: int, words: str) -> None:
    assert values(Clock.CONDITIONAL_CLOSEOUT, *DEFERRABLE[:count])["open_of_all"] == words


def test_the_readme_names_all_that_a_text_may_use_and_nothing_else() -> None:
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(values(Clock.ITEM_DUE))
    assert set(values(Clock.CONDITIONAL_CLOSEOUT)) < set(values(Clock.ITEM_DUE))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Day {{ day_number }} of {{ window }}.", None),
        ("one\ntwo {% if open %}\nthree", "the text 'own/text' is no template, line 3: "),
        ("{{ days_to_go }}", "the text 'own/text' uses days_to_go, which it does not have; templates/README.md lists"),
        (
            "{% if path == 'C3PAO' and level == 3 %}{{ days_to_go }}{% endif %}",
            "uses days_to_go, which it does not have",
        ),
        ("{% if path == 'C3PAO' %}{{ items[0].colour }}{% endif %}", "the text 'own/text' cannot be filled in: "),
        ("{{ requirement }}", "the text 'own/text' uses requirement, which it does not have"),
        ("{{ days_left / (day_number - 180) }}", "the text 'own/text' cannot be filled in: division by zero; mend it"),
        ("{{ days_left | weeks }}", "the text 'own/text' is no template, line 1: No filter named 'weeks'"),
        ("{{ ''.__class__.__mro__ }}", "the text 'own/text' cannot be filled in: "),
        ("{% for item in items %}{{ loop.index }}. {{ item.name }}{% endfor %}", None),
    ],
)
def test_a_text_of_your_own_is_tried_before_it_is_needed(text: str, complaint: str | None) -> None:
    found = check("own/text", Clock.CONDITIONAL_CLOSEOUT, {"own/text": text})
    assert found is None if complaint is None else complaint in (found or "")


def test_a_text_that_is_nowhere_is_named() -> None:
    assert check("closeout/bookng", Clock.CONDITIONAL_CLOSEOUT, {}) == (
        "there is no text 'closeout/bookng': neither ours nor closeout/bookng.wiki among your templates; "
        "name one that is there"
    )


def test_a_text_of_your_own_is_said_in_the_place_of_ours() -> None:
    texts = {"closeout/halfway": "Half, {{ assessment }}."}
    given = values(Clock.CONDITIONAL_CLOSEOUT)
    body = compose("closeout/halfway", given, Told(("ada",)), world=world(), slept=(), texts=texts)
    assert body == "[~accountid:ada]\n\nHalf, CMMC-1.\n"
    assert check("closeout/halfway", Clock.CONDITIONAL_CLOSEOUT, {"closeout/halfway": "{{ x }}"})


TYPED = st.text(alphabet="ab1 {}[]|*_^~+!#-?\\()/:;.&<>hqxi%\n", max_size=24).filter(str.strip)


@cache
def plain(clock: Clock) -> Mapping[str, object]:
    return values(clock)


def tags(body: str) -> list[str]:
    """Return the shape of what Jira shows, less the line breaks that somebody may type."""
    return [tag for tag in re.findall(r"<(/?[a-z0-9]+)", str(wiki.render(resolve(body, {})))) if tag != "br"]


@pytest.mark.parametrize(("say", "clock"), sorted(SAYS.items()))
@given(typed=TYPED)
def test_nothing_that_somebody_typed_changes_the_shape_of_a_notice(say: str, clock: Clock, typed: str) -> None:
    given = plain(clock)
    names = {name for name in ("name", "owner", "lead", "official", "assessment") if name in given}
    usual, nasty = ({**given, **dict.fromkeys(names, word)} for word in ("word", typed))
    assert tags(composed(say, nasty)) == tags(composed(say, usual))


@given(typed=TYPED)
def test_nothing_that_somebody_typed_adds_a_cell_to_a_digest(typed: str) -> None:
    row = {**plain(Clock.ITEM_DUE), "slept": ()}
    usual, nasty = (digest("ada", [{**row, "name": word, "owner": word}], world=world()) for word in ("word", typed))
    assert tags(nasty) == tags(usual)


def test_a_digest_tells_what_each_row_slept_through_and_whom_it_stands_for() -> None:
    row = {**values(Clock.ITEM_DUE), "slept": ("14 days before (2026-11-13)",)}
    body = digest("ada", [row, {**row, "slept": ()}], world=world(), notes=("No owner is known: assign the issue.",))
    assert body.startswith("[~accountid:ada]\n\n2 items of CMMC-1 have a reminder for you on 2026-06-01")
    assert body.count("not recorded here as said on its day: 14 days before (2026-11-13)|") == 1
    assert body.endswith("_No owner is known: assign the issue._\n")
