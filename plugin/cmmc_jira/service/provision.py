"""Makes a Jira project ready: look at what is there, plan what is missing, do it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import Admin, Listener, Screen
from cmmc_jira.service.shortfall import screen_name, shortfall
from cmmc_jira.service.steps import (
    AddOptions,
    CreateContext,
    CreateField,
    CreateIssueType,
    CreateLinkType,
    CreateScreen,
    CreateScreenScheme,
    CreateWebhook,
    MendWebhook,
    OfferIssueTypes,
    Present,
    ShowFields,
    Step,
    UseScreens,
)
from cmmc_manifests import schema
from cmmc_manifests.schema import FieldSpec


def look(admin: Admin, key: str, *, webhooks: bool) -> Present:
    """Return what the site holds that matters to the project with this key; reads only."""
    if not admin.is_administrator():
        raise JiraRefused(
            "Provisioning needs the global permission Administer Jira, and this account does not hold it: "
            "grant it for the few minutes this takes, or run it with an administrator's token."
        )
    project = admin.project(key)
    issue_types, fields = admin.issue_types(), admin.fields()
    specs = {spec.name: spec for spec in schema.fields()}
    mapping, schemes = admin.screen_mapping(project), admin.screen_schemes()
    ours = {row.id for row in issue_types if row.name in {spec.name for spec in schema.issue_types()}}
    mapped = {scheme for type_id, scheme in mapping.schemes.items() if type_id in ours}
    named = admin.screens("CMMC")
    wanted = {named[name] for spec in schema.issue_types() if (name := screen_name(spec.name)) in named}
    wanted |= {screen for row in schemes if row.id in mapped for screen in row.screens}
    return Present(
        project=project,
        issue_types=issue_types,
        type_scheme=admin.type_scheme(project),
        fields=fields,
        contexts={
            row.id: admin.contexts(row.id, options=bool(specs[row.name].options)) for row in fields if row.name in specs
        },
        mapping=mapping,
        screen_schemes=schemes,
        screens=[admin.screen(id_) for id_ in sorted(wanted)],
        link_types=admin.link_types(),
        webhooks=admin.webhooks() if webhooks else None,
    )


def plan(admin: Admin, key: str, listener: Listener | None) -> tuple[Present, tuple[Step, ...]]:
    """Return what is there, and the steps that make the project with this key ready."""
    present = look(admin, key, webhooks=listener is not None)
    return present, shortfall(present, listener)


def provision(
    admin: Admin, present: Present, steps: Iterable[Step], *, done: Callable[[Step], None] = lambda _: None
) -> None:
    """Do the steps in order and tell of each when it is done.

    Whatever was made is found by its name in the next look, so that a run that broke off is taken up where it was.
    """
    work = _Work(admin, present)
    for step in steps:
        work.do(step)
        done(step)


class _Work:
    """Does steps; knows the id of everything by its name, of what was there and of what it made."""

    def __init__(self, admin: Admin, present: Present) -> None:
        self._admin = admin
        self._project = present.project
        self._types = {row.name: row.id for row in present.issue_types}
        self._fields = {row.name: row.id for row in present.fields}
        self._screens: dict[str, Screen] = {row.name: row for row in present.screens}
        self._schemes = {row.name: row.id for row in present.screen_schemes}

    def do(self, step: Step) -> None:  # noqa: C901, PLR0912 - one line a kind of step
        match step:
            case CreateIssueType():
                self._types[step.spec.name] = self._admin.create_issue_type(step.spec)
            case OfferIssueTypes():
                self._admin.offer_issue_types(step.scheme_id, [self._types[name] for name in step.names])
            case CreateField():
                self._create_field(step.spec)
            case AddOptions():
                self._admin.add_options(step.field_id, step.context_id, step.options)
            case CreateContext():
                self._create_context(step)
            case CreateScreen():
                self._screens[step.name] = self._admin.create_screen(step.name, "Made by cmmc-jira provision.")
            case ShowFields():
                self._show(step.screen, (*step.native, *(self._fields[name] for name in step.ours)))
            case CreateScreenScheme():
                screen = self._screens[step.screen]
                self._schemes[step.name] = self._admin.create_screen_scheme(step.name, screen.id)
            case UseScreens():
                self._admin.use_screen_schemes(step.mapping_id, self._by_id(step.schemes))
            case CreateLinkType():
                self._admin.create_link_type(step.spec)
            case CreateWebhook():
                spec = step.spec
                self._admin.create_webhook(spec.name, step.listener, events=tuple(spec.events), jql=spec.filter)
            case MendWebhook():
                spec, events = step.spec, sorted({*step.spec.events, *step.webhook.events})
                self._admin.mend_webhook(step.webhook, step.listener, events=events, jql=spec.filter)
            case _:
                assert_never(step)

    def _create_field(self, spec: FieldSpec) -> None:
        self._fields[spec.name] = field_id = self._admin.create_field(spec)
        if spec.options:
            everywhere = next(row for row in self._admin.contexts(field_id, options=False) if row.everywhere)
            self._admin.add_options(field_id, everywhere.id, spec.options)

    def _create_context(self, step: CreateContext) -> None:
        context = self._admin.create_context(step.field_id, step.name, self._project.id)
        if step.options:
            self._admin.add_options(step.field_id, context, step.options)

    def _show(self, name: str, field_ids: Sequence[str]) -> None:
        for field_id in field_ids:
            self._admin.show(self._screens[name], field_id)

    def _by_id(self, schemes: Mapping[str, str]) -> Mapping[str, str]:
        return {self._types[name]: self._schemes[scheme] for name, scheme in schemes.items()}
