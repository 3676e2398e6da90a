"""Whatever a person types, wherever they can: what we write has the shape that it has of plain words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields as members
from dataclasses import is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import cmmc_jira
from cmmc_jira.core.changes import Comment
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Actual, Attachment, Category, Kind
from cmmc_jira.core.notice_values import assessment_values, item_values
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.core.text import NOTES_LINE, Markup, mention, reference, render, resolve
from cmmc_jira.core.world import FileRead, World
from cmmc_rules.evaluate import evaluate
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Assessment, Dates, Finding
from cmmc_rules.words import Level, Result
from cmmc_rules.words import Path as AssessmentPath
from jira_sandbox.wiki.blocks import parse
from jira_sandbox.wiki.nodes import Break, Text
from support.notices import POLICY
from support.policies import shipped
from support.worlds import DAY, LAW, LEAD, decide, file, world

TEMPLATES = Path(cmmc_jira.__file__).parent / "templates"
FOUND = sorted(str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.wiki"))
PLAIN = "words"
HOSTILE = [
    "{code}", "{quote}", "{noformat}x", "{panel:title=x}y{panel}", "{color:red}x{color}", "{{mono}}", "{html}<b>{html}",
    "{include:x}", "[~admin]", "[~accountid:712020:ab]", "@admin", "[x|http://evil.example]", "http://evil.example/",
    "mailto:x@evil.example", "[^secrets.txt]", "!http://evil.example/x.png!", "!burndown.png|width=9!", "|cell|",
    "||head||", "h1. Title", "bq. said", "* item", "# item", "- item", "----", "*b*", "_i_", "-d-", "+u+", "^s^", "~t~",
    "??c??", "(/)", "(!)", ":)", "\\", "\\\\", "\\{code}", "a\n|b|c|", "a\r\nh2. b", "a\u2028* b", "a\x0b# b",
    "a\x85bq. b", NOTES_LINE, f"----\n{NOTES_LINE}", "\ue000status\ue000", "\ue000x\ue000{code}\ue000",
    "&#123;code&#125;", "&amp;", "x", "/", "!", "?", "on", "*r", ";", ":-", ":", "(", "(x", "-",
    "=1+1", "%{x}%", "$!{x}", "{{ 7*7 }}", "{% raw %}", "<script>alert(1)</script>", "\u202e{code}",
]  # fmt: skip
TYPED = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
    st.text(alphabet="ab1 {}[]|*_^~+!#-?\\()/:;.&<>@hqx\n", min_size=1, max_size=20).filter(str.strip),
).flatmap(lambda text: st.sampled_from([text, f"{text}z", f"z{text}", f"z {text} z"]))
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shape(node: Any) -> Any:  # noqa: ANN401  a node, a tuple of nodes, or what a node holds
    """Return what a text is made of, without its words: these are what somebody typed."""
    if isinstance(node, tuple):
        return [each for each in map(shape, node) if each is not None]
    if isinstance(node, Text | Break):
        return None
    if is_dataclass(node):
        return [type(node).__name__, *(shape(getattr(node, member.name)) for member in members(node))]
    return node


def shape_of(markup: str) -> Any:  # noqa: ANN401
    return shape(parse(resolve(markup, {STATUS_SUBJECT: "CMMC-2"})))


LOGICAL = {"path", "appeal_to", "level"}  # words of ours that templates compare or look up


def typed(value: Any, text: str) -> Any:  # noqa: ANN401  whatever a template is given
    """Return values with a text in the place of each text that we did not write as markup ourselves."""
    if isinstance(value, Markup) or value is None:
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, Mapping):
        return {name: each if name in LOGICAL else typed(each, text) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [typed(each, text) for each in value]
    return value


def notice_values(clock: Clock) -> Mapping[str, object]:
    """Return what a notice on day 120 of a self-assessment may use, with everything that may be absent."""
    found = [Finding(row.id, Result.NOT_MET if row.id == ITEM else Result.MET) for row in LAW.requirements(Level.TWO)]
    start, day = date(2026, 6, 1), date(2026, 9, 29)
    official = evaluate(Assessment(Level.TWO, AssessmentPath.SELF, tuple(found), Dates(day, start)), LAW)
    seen = replace(world(Affirming_Official="boss"), day=day)
    run = Run(start, date(2026, 11, 28))
    if clock is Clock.ITEM_DUE:
        return {**item_values(official.items[0], world=seen, official=official, schedule=None, run=run), "owner": "x"}
    return assessment_values(clock, world=seen, official=official, schedule=None, run=run)


ITEM = "AC.L2-3.1.3"
ROW = {"issue": reference(ITEM), "requirement": "r", "name": "n", "due": DAY, "days_overdue": 1, "days_left": -1,
       "slept": ["s", "t"], "owner": "o"}  # fmt: skip
GATE = {"name": "g", "mark": Markup("(/)"), "because": "b", "citation": "c"}
REASON = {"requirement": "r", "because": "b", "citation": "c"}
SAMPLES: Mapping[str, Mapping[str, object]] = {
    "as-of": {"changed": ["a", "b"], "day": DAY, "day_number": 3, "of": 180},
    "closed": {"because": "b"},
    "reopened": {"because": "b"},
    "double": {"kept": reference(ITEM), "subject": "s", "older": True},
    "refused-file": {"name": "f.csv", "sentences": ["a", "b"]},
    "thawed": {"digest": "d"},
    "made-again": {"subject": "s", "id": "i", "now": reference(ITEM)},
    "rewritten": {"who": mention("ada", "cloud"), "assessment": "a"},
    "status-missing": {"steps": ["a", "b"], "notices": ["n"]},
    "remediation": {
        "requirement": {"id": "i", "name": "n", "summary": "s"},
        "item": {"points": 1, "objectives_not_met": ["a", "b"], "variant": "v", "poam_eligible": True, "because": "b",
                 "citation": "c"},
        "level": 2, "notes": ["n", "m"], "pointer": "p", "closes": "c", "deadline": DAY, "of": 180,
        "deadline_cite": "c", "windows": ["w"], "safe": {"last": DAY}, "due": DAY, "target": DAY, "undated": None,
        "owner": "o", "notes_line": Markup(NOTES_LINE),
    },
    "status": {
        "headline": "h", "subline": "s", "today": "t", "alarms": ["a"], "gates": [GATE], "blockers": [REASON],
        "steps": ["a"], "plan": [{"what": "w", "day": DAY, "number": 1, "basis": "b"}], "plan_is_clock": True,
        "slack": "s", "picture": None, "by_safe_day": [{"day": DAY, "count": 1, "issues": "i"}],
        "slips": [{"issue": "i", "before": DAY, "after": DAY, "by": "b", "on": DAY}],
        "next": [{"day": DAY, "what": "w", "about": "a", "people": "p"}],
        "rows": [{"owner": "o", "requirement": "r", "name": "n", "issue": "i", "points": 1, "mark": Markup("(x)"),
                  "state": "s"}],
        "projection": "p", "dates": [{"what": "w", "day": DAY, "citation": "c"}], "notices": ["n"],
        "burndown": [{"day": DAY, "number": 1, "planned": 1, "open": 1}],
    },
    "notices/corrected": {"before": DAY, "after": DAY, "citation": "c", "deadline": DAY, "ready_by": DAY,
                          "assessment": "a"},
    "notices/late-date": {"due": DAY, "requirement": "r", "last_safe_day": DAY, "status": "s", "deadline": DAY},
    "notices/digest": {"count": 2, "assessment": "a", "today": DAY, "rows": [ROW, ROW]},
    **{f"notices/{rung.say}": notice_values(ladder.clock) for ladder in POLICY.escalation.ladders
       for rung in ladder.rungs},
}  # fmt: skip


def test_every_template_is_among_those_tried() -> None:
    assert set(FOUND) <= set(SAMPLES)


@OFTEN
@given(text=TYPED)
@example(text="(x")
@example(text=" z ".join(HOSTILE))
def test_no_value_of_any_template_makes_a_macro_mention_link_image_cell_or_heading(text: str) -> None:
    for template in FOUND:
        plain, filled = (render(template, typed(SAMPLES[template], words)) for words in (PLAIN, text))
        assert shape_of(filled) == shape_of(plain), template


def everything_typed(text: str) -> World:
    """Return a world in which every text that somebody else chose is this one."""
    found = [
        Finding(ITEM, Result.NOT_MET, objectives={"a": Result.NOT_MET}, asset=text, note=text, row=text),
        Finding("AC.L2-3.1.1", Result.NOT_MET, note=text, row=text),
        Finding("SC.L2-3.13.11", Result.NOT_MET, variant=text, note=text),
    ]
    entered = {"Summary": text, "SSP": text, "CMMC_UID": text, "CAGE_Codes": text, "Affirming_Official": "boss",
               "CMMC_Status_Date": "2026-05-20", "Acknowledgement_Reason": text}  # fmt: skip
    refused = FileRead(
        Attachment("90002", text, 9, "2026-05-02T00:00:00.000+0000", None), refused=f"{text}: no.\n{text}"
    )
    files = (refused, replace(file(found), attachment=replace(file(found).attachment, name=text)))
    seen = world(files=files, day=date(2026, 6, 20), **entered)
    item = Actual(
        "10002", "CMMC-2", Kind.REMEDIATION, ITEM, Category.NEW,
        {"Summary": text, "Assignee": "worker", "Due date": "2027-01-01", "CMMC Variant": text, "CMMC Decision": text,
         "Acknowledged Until": "2026-06-21", "Acknowledgement Reason": text},
        labels=frozenset({text, "cmmc", "cmmc-10001"}), memory={"subject": ITEM, "assessment": "10001"},
    )  # fmt: skip
    double = replace(item, id="10003", key="CMMC-3")
    named = ("Closeout Booked", "Compliance Lead", "Target Reassessment", "Acknowledged Until")
    return replace(
        seen,
        issues={ITEM: item},
        doubles=(double,),
        people=dict.fromkeys((LEAD, "boss", "worker"), text),
        renamed=dict.fromkeys(named, text),
    )


def written(text: str) -> Iterator[tuple[str, str]]:
    """Yield each text in markup that a look would write, by what it is of."""
    owners = Owners({"AC.L2-3.1.1": Component(text)}, {"AC": text, "SC": text}, {"worker": text}, text)
    wanted, todo = decide(everything_typed(text), policy=shipped(owners))
    for subject, issue in wanted.issues.items():
        yield subject, issue.description
    for change in todo.of(Comment):
        yield change.identity, change.body


@settings(OFTEN, max_examples=15)
@given(text=TYPED.map(str.strip).filter(lambda text: len(text.splitlines()) == 1))
@example(text="- item")
@example(text=" z ".join(text for text in HOSTILE if len(text.splitlines()) == 1))
def test_nothing_that_anybody_typed_alters_what_a_look_writes(text: str) -> None:
    plain = {name: shape_of(markup) for name, markup in written(PLAIN)}
    assert len(plain) >= 6
    for name, markup in written(text):
        assert shape_of(markup) == plain[name], name


def test_a_text_that_is_our_own_parting_line_does_not_part_a_description() -> None:
    for _, markup in written(f"x {NOTES_LINE}"):
        assert markup.count(NOTES_LINE) <= 1


@pytest.mark.parametrize("name", ["ada]", "dana whitfield", "x|y", "[~admin]", "a\nb", ""])
def test_a_name_that_cannot_be_mentioned_as_it_is_mentions_nobody(name: str) -> None:
    assert "[~" not in mention(name, "datacenter").replace("\\[\\~", "")


def test_a_subject_that_a_property_names_puts_no_markup_beside_a_reference() -> None:
    assert shape_of(f"see {reference(f'x{chr(0xE000)}[~admin]{chr(0xE000)}y')}") == shape_of("see words")
