"""A project as provisioning sees it: an empty one and a whole one, of either flavour, as records alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import (
    Context,
    Field,
    Filter,
    Host,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_jira.service.blueprint import Blueprint, blueprint
from cmmc_jira.service.shortfall import shortfall
from cmmc_jira.service.shortfall_screens import scheme_name, screen_name
from cmmc_jira.service.steps import Present, Step

LISTENER: Final = Listener("http://127.0.0.1:8080/webhooks/jira", "s" * 32)
WANTED: Final = blueprint("CMMC")
CLOUD: Final = Host("cloud", (), "https://jira.test")
DATACENTER: Final = Host("datacenter", (10, 3, 24), "https://jira.test")
SHAPES: Final = {
    "text": ("string", None), "number": ("number", None), "date": ("date", None), "select": ("option", None),
    "checkboxes": ("array", "option"), "user": ("user", None),
}  # fmt: skip
EMPTY: Final = Present(
    host=CLOUD,
    project=Project("10000", "CMMC", "Our enclave", team_managed=False, types=frozenset({"1"})),
    issue_types=[IssueType("1", "Task", subtask=False)],
    type_scheme=TypeScheme("20", "CMMC Types", ("1",), frozenset({"10000"})),
    fields=[Field("summary", "Summary", "string")],
    forms={},
    withheld=frozenset(),
    contexts={},
    mapping=ScreenMapping("30", "CMMC Screens", {"default": "40"}),
    screen_schemes=[ScreenScheme("40", "Default", frozenset({"50"}))],
    screens=[],
    categories={},
    link_types=frozenset({"Relates"}),
    roles=frozenset({"Administrators"}),
    filters=[],
    webhooks=[],
)
EMPTY_DATACENTER: Final = replace(EMPTY, host=DATACENTER, mapping=None, screen_schemes=())


def complete(wanted: Blueprint = WANTED) -> Present:
    """Return a Cloud project that has everything, seen by an account that no form is closed to."""
    types = [IssueType(str(n), row.name, subtask=False) for n, row in enumerate(wanted.types, 100)]
    ours = [Field(f"customfield_{n}", spec.name, *SHAPES[spec.type]) for n, spec in enumerate(wanted.fields, 200)]
    ids = {field.name: field.id for field in ours}
    options = {spec.name: frozenset(spec.options) for spec in wanted.fields}
    schemes = [
        ScreenScheme(str(n), scheme_name(row.name), frozenset({str(n - 100)}))
        for n, row in enumerate(wanted.types, 400)
    ]
    hook = wanted.webhook
    mapped = {type_.id: scheme.id for type_, scheme in zip(types, schemes, strict=True)}
    return replace(
        EMPTY,
        project=replace(EMPTY.project, types=frozenset({"1", *(row.id for row in types)})),
        issue_types=[*EMPTY.issue_types, *types],
        type_scheme=None,
        fields=[*EMPTY.fields, *ours],
        forms={
            type_.id: {
                **dict.fromkeys(row.native, frozenset()),
                **{ids[name]: options[name] for name in row.ours},
            }
            for type_, row in zip(types, wanted.types, strict=True)
        },
        mapping=replace(EMPTY.mapping, schemes={"default": "40", **mapped}) if EMPTY.mapping else None,
        screen_schemes=[*EMPTY.screen_schemes, *schemes],
        categories={type_.id: frozenset({"new", "done"}) for type_ in types},
        filters=[Filter(str(n), spec.name, shared=True, ours=True) for n, spec in enumerate(wanted.filters, 500)],
        webhooks=[Webhook("7", hook.name, LISTENER.url, frozenset(hook.events), hook.filter, enabled=True)],
    )


def complete_datacenter(wanted: Blueprint = WANTED) -> Present:
    """Return the same on Data Center, where screen schemes cannot be read and a webhook's filter is not told."""
    whole = complete(wanted)
    hooks = [replace(hook, filter="") for hook in whole.webhooks or ()]
    return replace(whole, host=DATACENTER, mapping=None, screen_schemes=(), webhooks=hooks)


def screens_of(present: Present, wanted: Blueprint = WANTED) -> list[Screen]:
    """Return the screens of our own as reading them would, each with the ids 300, 301, …"""
    ids = {row.name: row.id for row in present.fields}
    return [
        Screen(str(n), screen_name(row.name), "1", frozenset({*row.native, *(ids[name] for name in row.ours)}))
        for n, row in enumerate(wanted.types, 300)
    ]


def field_of(present: Present, name: str) -> Field:
    """Return a field of ours by its name."""
    return next(row for row in present.fields if row.name == name)


def context(
    *, options: Sequence[str] = (), projects: Sequence[str] = (), disabled: Sequence[str] = (), every_type: bool = True
) -> Context:
    """Return a context, everywhere unless projects are named."""
    return Context("1", not projects, frozenset(projects), tuple(options), frozenset(disabled), every_type)


def kinds(steps: Sequence[Step]) -> list[str]:
    """Return the names of the kinds of steps."""
    return [type(step).__name__ for step in steps]


def lacks(present: Present, wanted: Blueprint = WANTED) -> tuple[Step, ...]:
    """Return what a project lacks, the webhook included."""
    return shortfall(wanted, present, LISTENER)


def refusal(present: Present, wanted: Blueprint = WANTED) -> str:
    """Return what has to be settled first."""
    with pytest.raises(JiraRefused) as refused:
        lacks(present, wanted)
    return str(refused.value)
