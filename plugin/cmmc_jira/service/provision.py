"""Makes a Jira project ready: look at what is there, plan what is missing, do it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, assert_never

from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import Admin, Field, IssueType, Listener, Project, Screen
from cmmc_jira.service.blueprint import Blueprint, blueprint
from cmmc_jira.service.shortfall import shortfall
from cmmc_jira.service.shortfall_fields import matching, shown_whole
from cmmc_jira.service.shortfall_screens import form_lacks, screen_name, screens_of
from cmmc_jira.service.steps import (
    AddOptions,
    ByHand,
    CreateContext,
    CreateField,
    CreateFilter,
    CreateIssueType,
    CreateLinkType,
    CreateRole,
    CreateScreen,
    CreateScreenScheme,
    CreateWebhook,
    MendWebhook,
    OfferIssueTypes,
    OursToDo,
    Present,
    ShareFilter,
    ShowFields,
    Step,
    UseScreens,
)

_MADE: Final = "Made by cmmc-jira provision."


def look(admin: Admin, key: str, wanted: Blueprint, *, webhooks: bool) -> Present:
    """Return what the site holds that matters to the project with this key; reads only, and few where it is ready."""
    host = admin.host()
    if not admin.is_administrator():
        raise JiraRefused(
            "Provisioning needs the global permission Administer Jira, and this account does not hold it: "
            "grant it for the few minutes this takes, or run it with an administrator's token."
        )
    project, issue_types, fields = admin.project(key), admin.issue_types(), admin.fields()
    offered = _offered(wanted, project, issue_types)
    forms = admin.forms(project, offered)
    mapping = admin.screen_mapping(project)
    present = Present(
        host=host,
        project=project,
        issue_types=issue_types,
        type_scheme=admin.type_scheme(project) if len(offered) < len(wanted.types) else None,
        fields=fields,
        forms=forms,
        withheld=frozenset(),
        contexts=admin.contexts(_unsure(wanted, fields, issue_types, forms), project),
        mapping=mapping,
        screen_schemes=admin.screen_schemes() if mapping is not None else (),
        screens=(),
        categories=admin.categories(project),
        link_types=admin.link_types(),
        roles=admin.roles() if wanted.roles else frozenset(),
        filters=admin.filters(),
        webhooks=admin.webhooks() if webhooks and host.signs_webhooks else None,
    )
    return _with_screens(admin, wanted, present)


def _offered(wanted: Blueprint, project: Project, issue_types: Iterable[IssueType]) -> Sequence[str]:
    """Return the ids of our issue types that the project offers."""
    ids = {row.name: row.id for row in issue_types}
    return [ids[row.name] for row in wanted.types if ids.get(row.name) in project.types]


def _unsure(
    wanted: Blueprint,
    fields: Sequence[Field],
    issue_types: Sequence[IssueType],
    forms: Mapping[str, Mapping[str, frozenset[str]]],
) -> Mapping[str, bool]:
    """Return the fields of ours that are there and that no form shows whole, each with whether it has options."""
    whole = shown_whole(wanted, fields, issue_types, forms)
    there = ((spec, row) for spec in wanted.fields for row in matching(spec.name, fields))
    return {row.id: bool(spec.options) for spec, row in there if row.id not in whole}


def _with_screens(admin: Admin, wanted: Blueprint, present: Present) -> Present:
    """Return the same with the screens that have to be read: those of which the forms do not tell enough."""
    lacking = [row for row in wanted.types if form_lacks(row, present) is not False]
    if lacking and present.host.datacenter:
        present = replace(present, withheld=admin.withheld(present.project))
    ids = {row.name: row.id for row in present.issue_types}
    unsure: set[str] = set()
    for row in wanted.types:
        used = (
            screens_of(ids.get(row.name, ""), present.mapping, present.screen_schemes)
            if present.mapping
            else frozenset()
        )
        if row in lacking or len(used) > 1:
            unsure |= used
    if not lacking and not unsure:
        return present
    ours = {screen_name(row.name) for row in lacking}
    named = {id_: name for id_, name in admin.screens().items() if id_ in unsure or name in ours}
    return replace(present, screens=[admin.screen(id_, name) for id_, name in sorted(named.items())])


def plan(
    admin: Admin,
    key: str,
    listener: Listener | None,
    *,
    mapping: ProjectMapping = AS_SHIPPED,
    manager_role: str | None = None,
) -> tuple[Present, tuple[Step, ...]]:
    """Return what is there, and the steps that make the project with this key ready, a person's among them."""
    wanted = blueprint(key, mapping=mapping, manager_role=manager_role)
    present = look(admin, key, wanted, webhooks=listener is not None)
    return present, shortfall(wanted, present, listener)


def provision(
    admin: Admin, present: Present, steps: Iterable[Step], *, done: Callable[[Step], None] = lambda _: None
) -> None:
    """Do the steps in order, but for those of a person, and tell of each when it is done.

    Whatever was made is found by its name in the next look, so that a run that broke off is taken up where it was.
    """
    work = _Work(admin, present)
    for step in steps:
        if not isinstance(step, ByHand):
            work.do(step)
            done(step)


class _Work:
    """Does steps; knows the id of everything by its name, of what was there and of what it made."""

    def __init__(self, admin: Admin, present: Present) -> None:
        self._admin = admin
        self._datacenter = present.host.datacenter
        self._project = present.project
        self._types = {row.name: row.id for row in present.issue_types}
        self._fields = {row.id: row.id for row in present.fields} | {row.name: row.id for row in present.fields}
        self._screens: dict[str, Screen] = {row.name: row for row in present.screens}
        self._schemes = {row.name: row.id for row in present.screen_schemes}

    def do(self, step: OursToDo) -> None:
        match step:
            case CreateIssueType() | OfferIssueTypes():
                self._do_types(step)
            case CreateField() | AddOptions() | CreateContext():
                self._do_fields(step)
            case CreateScreen() | ShowFields() | CreateScreenScheme() | UseScreens():
                self._do_screens(step)
            case CreateLinkType():
                self._admin.create_link_type(step.spec)
            case CreateRole():
                self._admin.create_role(step.name, step.spec)
            case CreateFilter() | ShareFilter():
                self._do_filters(step)
            case CreateWebhook() | MendWebhook():
                self._do_webhook(step)
            case _:
                assert_never(step)

    def _do_types(self, step: CreateIssueType | OfferIssueTypes) -> None:
        if isinstance(step, CreateIssueType):
            self._types[step.wanted.name] = self._admin.create_issue_type(step.wanted.name, step.wanted.says)
            return
        scheme = self._admin.type_scheme(self._project)  # a new type may have joined it by itself: the default scheme
        lacking = [id_ for name in step.names if (id_ := self._types[name]) not in scheme.types]
        if lacking:
            self._admin.offer_issue_types(scheme, lacking)

    def _do_fields(self, step: CreateField | AddOptions | CreateContext) -> None:
        match step:
            case CreateField(spec):
                self._fields[spec.name] = field_id = self._admin.create_field(spec)
                if spec.options and not self._datacenter:
                    [everywhere] = self._admin.contexts({field_id: False}, self._project)[field_id]
                    self._admin.add_options(field_id, everywhere.id, spec.options)
            case AddOptions():
                self._admin.add_options(step.field_id, step.context_id, step.options)
            case CreateContext():
                context = self._admin.create_context(step.field_id, step.name, self._project.id)
                if step.options:
                    self._admin.add_options(step.field_id, context, step.options)

    def _do_screens(self, step: CreateScreen | ShowFields | CreateScreenScheme | UseScreens) -> None:
        match step:
            case CreateScreen():
                self._screens[step.name] = self._admin.create_screen(step.name, _MADE)
            case ShowFields():
                for field_id in (*step.native, *(self._fields[name] for name in step.ours)):
                    self._admin.show(self._screens[step.screen], field_id)
            case CreateScreenScheme():
                screen = self._screens[step.screen]
                self._schemes[step.name] = self._admin.create_screen_scheme(step.name, screen.id)
            case UseScreens():
                by_id = {self._types[name]: self._schemes[scheme] for name, scheme in step.schemes.items()}
                self._admin.use_screen_schemes(step.mapping_id, by_id)

    def _do_filters(self, step: CreateFilter | ShareFilter) -> None:
        made = self._admin.create_filter(step.spec, self._project) if isinstance(step, CreateFilter) else step.filter_id
        if self._datacenter:
            self._admin.share_filter(made, self._project)

    def _do_webhook(self, step: CreateWebhook | MendWebhook) -> None:
        spec = step.spec
        if isinstance(step, CreateWebhook):
            self._admin.create_webhook(spec.name, step.listener, events=tuple(spec.events), jql=spec.filter)
        else:
            events = sorted({*spec.events, *step.webhook.events})
            self._admin.mend_webhook(step.webhook, step.listener, events=events, jql=spec.filter)
