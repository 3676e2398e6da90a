"""JSON and YAML as bounded trees: nothing stands twice, nothing expands, nothing is executed, words stay words."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.tree import MAX_DEPTH, MAX_NODES, YAML_BYTES, parse_json, parse_yaml


def refusal(parse: object, text: str) -> str:
    assert callable(parse)
    with pytest.raises(BadFindings) as refused:
        parse("f", text)
    (told,) = refused.value.mistakes
    return told


def test_a_key_that_stands_twice_is_refused_by_name() -> None:
    assert refusal(parse_json, '{"a": {"id": 1, "id": 2}}') == (
        "f: the key 'id' stands twice in one object; keep one of the two"
    )
    assert refusal(parse_yaml, "a:\n  id: 1\n  id: 2\n") == (
        "f, line 3: the key 'id' stands twice in one map; keep one of the two"
    )


def test_wrong_syntax_is_refused_with_its_line() -> None:
    assert refusal(parse_json, '{"a": 1,\n "b": }').startswith("f, line 2, column 7: this is no valid JSON")
    assert refusal(parse_yaml, "a: 1\nb: [\n").startswith("f, line 3: this is no valid YAML")


@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
def test_depth_is_bounded_to_the_level(parse: object) -> None:
    assert callable(parse)
    parse("f", "[" * (MAX_DEPTH - 1) + "1" + "]" * (MAX_DEPTH - 1))
    for depth in (MAX_DEPTH + 1, 100_000):
        assert f"more than {MAX_DEPTH} levels deep" in refusal(parse, "[" * depth + "]" * depth)


def test_size_is_bounded() -> None:
    assert f"more than {MAX_NODES:,} values" in refusal(parse_json, json.dumps([0] * (MAX_NODES + 1)))
    assert "4 MiB at most" in refusal(parse_yaml, " " * (YAML_BYTES + 1))
    assert "too many digits" in refusal(parse_json, "9" * 5000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x\n", "f, line 2: the alias *x repeats another part; write the values out"),
        ("a: !!python/object/apply:os.system [ls]", "python/object/apply:os.system' is not read here"),
        ("a: !!binary aGk=", "the tag 'tag:yaml.org,2002:binary' is not read here"),
        ("? [a]\n: b\n", "f, line 1: a key must be a plain text"),
        ("a: 1\n---\nb: 2\n", "found another document"),
    ],
)
def test_yaml_that_expands_or_executes_is_refused(text: str, told: str) -> None:
    assert told in refusal(parse_yaml, text)


def test_yaml_words_numbers_and_dates_stay_as_they_are_written() -> None:
    text = "3.10: No\na: 2026-02-30\nb: true\nc: ~\nd:\ne: 'true'\nf: 0o17\ng: Off\n<<: {h: y}\n"
    assert parse_yaml("f", text) == {
        "3.10": "No", "a": "2026-02-30", "b": True, "c": None, "d": None, "e": "true", "f": "0o17", "g": "Off",
        "<<": {"h": "y"},
    }  # fmt: skip


def test_a_not_a_number_is_an_empty_cell() -> None:
    assert parse_json("f", '{"a": NaN, "b": -Infinity}') == {"a": None, "b": None}


def test_half_a_character_is_refused() -> None:
    assert "half of a character" in refusal(parse_json, '{"\\ud800": 1}')
    assert parse_json("f", '"\\ud83d\\ude00"') == "😀"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_what_json_can_say_is_read_as_it_was_said(value: object) -> None:
    if not (isinstance(value, float) and math.isinf(value)):
        assert parse_json("f", json.dumps(value, ensure_ascii=False)) == json.loads(
            json.dumps(value), parse_constant=lambda _word: None
        )


@given(st.text() | st.text(alphabet=" \n-:[]{}?!&*'\"|>%#ab~<"))
def test_any_text_is_a_tree_or_refused(text: str) -> None:
    for parse in (parse_json, parse_yaml):
        told = ("",)
        try:
            parse("f", text)
        except BadFindings as refused:
            told = refused.mistakes
        assert all("\n" not in sentence for sentence in told)
