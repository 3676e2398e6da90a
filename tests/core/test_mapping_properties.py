"""Whatever a settings file holds is a mapping or sentences; whatever a value is becomes JSON or a sentence."""

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.defaults import Somebody, WrongValueError, typed
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.mapping_file import KEYS, mapping_in

WORDS = [*KEYS, *(kind.key for kind in Kind), "done", "new", "ready", "fields", "families", "default", "type", "parent",
         "CMMC Points", "Summary", "Team", "AC", "customfield_10077"]  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(),
    st.sampled_from(WORDS),
    st.text(max_size=5),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.integers(), st.none()), inner, max_size=4),
    ),
    max_leaves=12,
)
tops = st.dictionaries(st.sampled_from(KEYS), trees, max_size=4)


@given(st.one_of(tops, trees))
def test_a_file_is_a_mapping_or_sentences_that_name_their_place(tree: Any) -> None:  # noqa: ANN401  whatever YAML holds
    mistakes: list[str] = []
    found = mapping_in("mapping.yaml", yaml.safe_dump(tree, allow_unicode=True), mistakes, families=["AC", "AU"])
    assert (found is None) == bool(mistakes)
    assert all(mistake.startswith("mapping.yaml") and "\n" not in mistake for mistake in mistakes)
    assert found is None or {found.type_name(kind.key) for kind in Kind} <= set(found.type_names())


SCHEMAS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "number", "date", "datetime", "option", "array", "user", "option-with-child",
                              "priority", "any"])},
    optional={"items": st.sampled_from(["option", "user", "string", "component", "version"])},
)  # fmt: skip


@given(trees, SCHEMAS)
def test_a_value_becomes_json_or_a_sentence(value: Any, schema: dict[str, str]) -> None:  # noqa: ANN401  whatever YAML holds
    try:
        written = typed(value, schema)
    except WrongValueError:
        return
    json.dumps(written, default=_person)


def _person(value: object) -> str:
    assert isinstance(value, Somebody)
    return value.name


@given(st.dictionaries(st.sampled_from([kind.key for kind in Kind]), st.sampled_from(["A", "B", "CMMC Status"])))
def test_every_type_that_is_named_leads_back_to_one_of_ours(names: dict[str, str]) -> None:
    mapping = ProjectMapping(issue_types=names)
    back = mapping.type_names()
    for kind in Kind:
        assert mapping.type_name(back[mapping.type_name(kind.key)].key) == mapping.type_name(kind.key)
