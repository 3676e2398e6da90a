"""What is said when: the policy file escalation.yaml, read strictly, and every mistake told at its place."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.escalation import Escalation, QuietHours, escalation_in
from cmmc_jira.core.rungs import CONDITIONS
from cmmc_rules.ladder import Clock, Condition, Role, Rung, Unit, lengths
from cmmc_rules.law import load_law

BAD = Path(__file__).parents[1] / "law" / "ladder" / "bad"
LENGTHS = lengths(load_law().edition())
LEAD = "say: a/text, tell: [compliance_lead]"
ENDLESS = (
    "line 5, ladders.one.rungs[0]: nothing ends the repetitions of a at the deadline; add a rung without a condition "
    "on the day after it"
)
TOO_NEAR = (
    "line 6, ladders.one.rungs[1]: for a deadline of 2027-03-28 the rung b is reached no later than a; put them in "
    "order, further apart"
)
ANY = st.sampled_from(
    [*(each.value for words in (Clock, Unit, Role, Condition) for each in words), "20:00", "a/text"]
) | (st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=3))
ANY_RUNG = st.dictionaries(
    st.sampled_from(["id", "say", "tell", "day", "days_left", "months_left", "when", "repeat_days", "set", "after"]),
    ANY | st.lists(ANY, max_size=2) | st.dictionaries(st.sampled_from(["priority", "label"]), ANY),
)
ANY_LADDER = st.fixed_dictionaries({}, optional={"clock": ANY, "rungs": ANY | st.lists(ANY_RUNG | ANY)})
ANY_FILE = st.fixed_dictionaries(
    {},
    optional={
        "ladders": ANY | st.dictionaries(ANY, ANY_LADDER | ANY, max_size=3),
        "quiet": ANY | st.dictionaries(st.sampled_from(["begin", "end"]), ANY),
        "digest_at": ANY,
    },
)
NONE: Mapping[str, str] = MappingProxyType({})


def written(name: str) -> list[Mapping[str, str]]:
    """Return the bad files, or rungs, that are written down with the words of their refusal."""
    found: list[Mapping[str, str]] = yaml.safe_load((BAD / name).read_text(encoding="utf-8"))
    return found


def judge(say: str, clock: Clock) -> str | None:
    """Know the text a/text, and one that only the closeout clock can fill in."""
    if say == "a/text" or (say == "closeout/text" and clock is Clock.CONDITIONAL_CLOSEOUT):
        return None
    return f"there is no text {say}"


def read(text: str, texts: Mapping[str, str] = NONE) -> tuple[Escalation | None, list[str]]:
    mistakes: list[str] = []
    found = escalation_in("e.yaml", text, mistakes, lengths=LENGTHS, check=judge, texts=texts)
    return found, mistakes


def escalation(text: str, texts: Mapping[str, str] = NONE) -> Escalation:
    found, mistakes = read(text, texts)
    assert mistakes == []
    assert found is not None
    return found


def refused(text: str, texts: Mapping[str, str] = NONE) -> list[str]:
    found, mistakes = read(text, texts)
    assert found is None
    return mistakes


def rungs(clock: str, *rows: str) -> str:
    """Return a file with one ladder, whose rungs stand from line 5 on."""
    head = f"ladders:\n  one:\n    clock: {clock}\n    rungs:\n"
    return head + "".join(f"      - {{{row}}}\n" for row in rows)


def test_a_ladder_is_read_with_all_that_its_rungs_say() -> None:
    text = rungs(
        "conditional_closeout",
        "id: a, day: 0, say: closeout/text, tell: [compliance_lead, affirming_official], when: closeout not booked",
        "id: b, days_left: 5, say: a/text, tell: [compliance_lead], set: {priority: High, label: cmmc-late}",
        f"id: c, day: 181, after: true, {LEAD}, when: outcome not recorded, repeat_days: 7",
    )
    [ladder] = escalation(text).ladders
    lead = (Role.COMPLIANCE_LEAD,)
    assert (ladder.id, ladder.clock) == ("one", Clock.CONDITIONAL_CLOSEOUT)
    assert ladder.rungs == (
        Rung("a", Unit.DAY, 0, "closeout/text", (*lead, Role.AFFIRMING_OFFICIAL), Condition.CLOSEOUT_NOT_BOOKED),
        Rung("b", Unit.DAYS_LEFT, 5, "a/text", lead, priority="High", label="cmmc-late"),
        Rung("c", Unit.DAY, 181, "a/text", lead, Condition.OUTCOME_NOT_RECORDED, repeat_days=7),
    )


def test_what_the_file_leaves_out_is_not_there() -> None:
    found = escalation("ladders: {}")
    assert (found.ladders, found.quiet, found.digest_at) == ((), None, 3)
    assert found.of(Clock.ITEM_DUE) is None
    assert escalation("quiet:\ndigest_at: 2\nladders: {}").digest_at == 2


@pytest.mark.parametrize("bad", written("rungs.yaml"), ids=lambda bad: bad["refused"])
def test_a_mistake_in_a_rung_is_told_at_its_place(bad: Mapping[str, str]) -> None:
    assert refused(rungs(bad["clock"], bad["rung"].replace("LEAD", LEAD))) == [f"e.yaml, {bad['refused']}"]


@pytest.mark.parametrize("bad", written("files.yaml"), ids=lambda bad: bad["refused"])
def test_a_mistake_beside_the_rungs_is_told_in_a_sentence(bad: Mapping[str, str]) -> None:
    assert refused(bad["file"].replace("LEAD", LEAD)) == [bad["refused"]]


@pytest.mark.parametrize(
    ("clock", "row"),
    [
        ("conditional_closeout", "days_left: 180"),
        ("conditional_closeout", "day: 180"),
        ("conditional_closeout", "months_left: 5"),
        ("conditional_closeout", "day: 181, after: true"),
        ("item_due", "days_left: -1, after: true"),
        ("item_due", "days_left: 400"),
        ("annual_affirmation", "days_left: 366"),
        ("status_validity", "months_left: 36"),
        ("closeout_affirmation", "days_left: 0"),
        ("closeout_failed", "days_left: 0"),
    ],
)
def test_a_place_at_the_edge_is_a_place(clock: str, row: str) -> None:
    assert len(escalation(rungs(clock, f"id: a, {row}, {LEAD}")).ladders[0].rungs) == 1


@pytest.mark.parametrize(
    ("clock", "rows", "sentences"),
    [
        (
            "item_due",
            ("id: a, days_left: 1", "id: b, days_left: 7", "id: a, days_left: -1"),
            (
                "line 7, ladders.one.rungs[2]: the rung a stands twice, first on line 5; give one of them another id",
                "line 6, ladders.one.rungs[1]: the rung b is reached no later than a; put them in order",
            ),
        ),
        (
            "conditional_closeout",
            ("id: a, day: 30", "id: b, days_left: 150"),
            ("line 6, ladders.one.rungs[1]: the rung b is reached no later than a; put them in order",),
        ),
        ("item_due", ("id: a, months_left: 1", "id: b, days_left: 28"), (TOO_NEAR,)),
        ("item_due", ("id: a, months_left: 1", "id: b, days_left: 27"), ()),
        (
            "item_due",
            ("id: a, days_left: 14, repeat_days: 7", "id: b, days_left: 7"),
            ("line 5, ladders.one.rungs[0]: the rung b comes before a is repeated; leave out repeat_days",),
        ),
        ("item_due", ("id: a, days_left: 14, repeat_days: 6", "id: b, days_left: 7"), ()),
        ("item_due", ("id: a, days_left: 14, repeat_days: 7", "id: b, days_left: -1, repeat_days: 7"), ()),
        ("item_due", ("id: a, days_left: 14, repeat_days: 7", "id: b, days_left: -2, repeat_days: 7"), (ENDLESS,)),
        (
            "conditional_closeout",
            ("id: a, day: 120, repeat_days: 7", "id: b, day: 181, after: true, when: outcome not recorded"),
            (ENDLESS,),
        ),
        ("item_due", ("id: a, days_left: -1, repeat_days: 7", "id: b, days_left: -60, repeat_days: 30"), ()),
    ],
)
def test_rungs_stand_in_their_order_and_repeat_to_some_end(
    clock: str, rows: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    _, mistakes = read(rungs(clock, *(f"{row}, {LEAD}" for row in rows)))
    assert mistakes == [f"e.yaml, {sentence}" for sentence in sentences]


def test_every_mistake_is_told_at_once_and_none_that_follows_from_another() -> None:
    text = "digest_at: 0\nquiet: {begin: now, end: never}\n" + rungs(
        "nothing", f"id: a, day: 7, {LEAD}", "id: a, days_left: 9, say: b, tell: [me]", "id: c"
    )
    assert [mistake.split(": ")[0] for mistake in refused(text, {"a/own": "text"})] == [
        "e.yaml, line 5, ladders.one.clock",
        "e.yaml, line 8, ladders.one.rungs[1].tell[0]",
        "e.yaml, line 9, ladders.one.rungs[2]",
        "e.yaml, line 9, ladders.one.rungs[2]",
        "e.yaml, line 9, ladders.one.rungs[2]",
        "e.yaml, line 2, quiet.begin",
        "e.yaml, line 2, quiet.end",
        "e.yaml, line 1, digest_at",
    ]


def test_a_text_is_refused_once_for_each_clock_and_not_for_each_rung() -> None:
    rows = [f"id: a-{number}, days_left: {9 - number}, say: no/text, tell: [owner]" for number in range(3)]
    assert refused(rungs("item_due", *rows)) == ["e.yaml, line 5, ladders.one.rungs[0].say: there is no text no/text"]


def test_a_text_of_ones_own_that_no_rung_says_is_refused() -> None:
    text = rungs("item_due", f"id: a, days_left: 1, {LEAD}")
    assert escalation(text, {"a/text": "Do it."}).texts == {"a/text": "Do it."}
    assert refused(text, {"a/txt": "Do it."}) == ["templates/a/txt.wiki: no rung says 'a/txt'; did you mean a/text?"]
    assert refused(text, {"quite/another": ""}) == [
        "templates/quite/another.wiki: no rung says 'quite/another'; rungs say a/text"
    ]


@pytest.mark.parametrize(
    ("begin", "end", "quiet_at", "open_at"),
    [
        (time(20), time(6), [time(20), time(23, 59), time(0), time(5, 59)], [time(6), time(12), time(19, 59)]),
        (time(1), time(5), [time(1), time(4, 59)], [time(0, 59), time(5), time(23)]),
        (time(0), time(8), [time(0), time(7, 59)], [time(8), time(23, 59)]),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(
    begin: time, end: time, quiet_at: list[time], open_at: list[time]
) -> None:
    quiet = escalation(f"quiet: {{begin: '{begin:%H:%M}', end: '{end:%H:%M}'}}\nladders: {{}}").quiet
    assert quiet == QuietHours(begin, end)
    assert all(quiet.hold(at) for at in quiet_at)
    assert not any(quiet.hold(at) for at in open_at)


def test_one_hour_is_enough_to_speak_in() -> None:
    assert escalation("quiet: {begin: '7:00', end: '6:00'}\nladders: {}").quiet == QuietHours(time(7), time(6))


def test_every_condition_can_hold_for_some_clock() -> None:
    assert frozenset().union(*CONDITIONS.values()) == frozenset(Condition)


@given(ANY | ANY_FILE)
def test_whatever_a_file_holds_it_is_read_or_refused_in_sentences(content: object) -> None:
    found, mistakes = read(yaml.safe_dump(content))
    assert (found is None) is bool(mistakes)
    assert all(mistake.startswith("e.yaml, line ") for mistake in mistakes)
