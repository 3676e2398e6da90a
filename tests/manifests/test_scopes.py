"""The rights that are asked for are the rights that calls name."""

import ast
from importlib.resources import files
from pathlib import Path

import yaml

import cmmc_jira.adapters

WHOLE = yaml.safe_load(files("cmmc_manifests").joinpath("scopes.yaml").read_text(encoding="utf-8"))
SCOPES = {part: rows for part, rows in WHOLE.items() if part != "granular"}
KNOWN = {row["permission"] for rows in SCOPES.values() for row in rows}
UNSAID = {"Assign issues", "Assignable user"}  # what an edit or a create of an assignee needs beside its own right


def _words_of_adapters() -> set[str]:
    folder = Path(cmmc_jira.adapters.__path__[0])
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py"))
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_each_right_asked_for_is_named_by_a_call() -> None:
    assert _words_of_adapters() >= KNOWN - UNSAID


def test_each_right_that_a_refusal_names_is_asked_for() -> None:
    verbs = ("Browse ", "Create ", "Edit ", "Link ", "Add ", "Transition ", "Delete own ", "Administer ")
    named = {text for text in _words_of_adapters() if text.startswith(verbs) and len(text.split()) <= 3}
    assert named
    assert named <= KNOWN


def test_each_right_says_what_it_is_for_and_which_scope_a_token_needs() -> None:
    for row in (row for rows in SCOPES.values() for row in rows):
        assert set(row) == {"permission", "scope", "for"}
        assert all(row.values())


def test_the_finer_scopes_are_of_rights_that_are_asked_for() -> None:
    assert set(WHOLE["granular"]) <= KNOWN
    assert all(scopes and len(set(scopes)) == len(scopes) for scopes in WHOLE["granular"].values())
