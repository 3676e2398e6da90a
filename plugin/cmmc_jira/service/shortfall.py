"""What a Jira project lacks, given what the site holds. Pure: it compares records with the blueprint."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.blueprint import Blueprint
from cmmc_jira.service.shortfall_fields import field_mistakes, field_steps
from cmmc_jira.service.shortfall_screens import form_mistakes, screen_steps
from cmmc_jira.service.steps import (
    ByHand,
    CreateFilter,
    CreateIssueType,
    CreateLinkType,
    CreateRole,
    CreateWebhook,
    MendWebhook,
    OfferIssueTypes,
    Present,
    ShareFilter,
    Step,
)
from cmmc_jira.service.wording import project_page, several

_DONE: Final = "done"
_UNFILTERED: Final = (
    " This Jira takes no filter over REST, so the service drops what is not of {key}; to keep it from being sent, "
    "enter {filter} as the JQL of the webhook (Administration, System, WebHooks)."
)


def shortfall(wanted: Blueprint, present: Present, listener: Listener | None) -> tuple[Step, ...]:
    """Return what has to be done to make the project ready, in an order in which it can be done.

    Raises:
        JiraRefused: a person must settle something first; each thing in a sentence.

    """
    mistakes = [
        *_project_mistakes(wanted, present),
        *_type_mistakes(wanted, present),
        *field_mistakes(wanted, present),
        *form_mistakes(wanted, present),
        *_role_mistakes(wanted, present),
    ]
    if mistakes:
        raise JiraRefused("\n".join(mistakes))
    return (
        *_issue_types(wanted, present),
        *field_steps(wanted, present),
        *screen_steps(wanted, present),
        *_workflows(wanted, present),
        *_link_types(wanted, present),
        *_roles(wanted, present),
        *_filters(wanted, present),
        *_webhook(wanted, present, listener),
    )


def _project_mistakes(wanted: Blueprint, present: Present) -> Iterator[str]:
    if present.project.key != wanted.project:
        moved = f"The project {wanted.project} has the key {present.project.key} now"
        yield f"{moved}: set CMMC_JIRA_PROJECT to {present.project.key}, which filters and the webhook name."
    if present.project.team_managed:
        yield (
            f"The project {present.project.key} is team-managed, so it cannot use the site's issue types and fields: "
            "make a company-managed project and set CMMC_JIRA_PROJECT to its key."
        )


def _type_mistakes(wanted: Blueprint, present: Present) -> Iterator[str]:
    children = {row.name for row in wanted.types if row.child}
    ours = {row.name for row in wanted.types}
    for row in present.issue_types:
        if row.name in ours - children and row.subtask:
            yield (
                f'The issue type "{row.name}" ({row.id}) is a sub-task type: rename it, '
                "so that a standard one can be created."
            )
    scheme = present.type_scheme
    others = scheme.projects - {present.project.id} if scheme is not None else frozenset()
    if scheme is not None and others:
        yield (
            f'The issue type scheme "{scheme.name}" is shared with {len(others)} other project'
            f"{'s' if len(others) > 1 else ''}, which would get our issue types too: give {present.project.key} an "
            "issue type scheme of its own (Project settings, Issue types, Actions), then run this again."
        )


def _role_mistakes(wanted: Blueprint, present: Present) -> Iterator[str]:
    there = {name.casefold(): name for name in present.roles}
    for name in wanted.roles:
        held = there.get(name.casefold(), name)
        if held != name:
            yield f'The policy names the project role "{name}", which this Jira spells "{held}": write it like that.'


def _issue_types(wanted: Blueprint, present: Present) -> Iterator[Step]:
    there = {row.name: row.id for row in present.issue_types}
    for row in wanted.types:
        if row.name not in there:
            yield CreateIssueType(row, what=f'Create the issue type "{row.name}"', why=row.says)
    lacking = tuple(row.name for row in wanted.types if there.get(row.name) not in present.project.types)
    if lacking and present.type_scheme is not None:
        yield OfferIssueTypes(
            present.type_scheme,
            lacking,
            what=f'Add {several(lacking)} to the issue type scheme "{present.type_scheme.name}"',
            why=f"Issues of a type can be created in {present.project.key} only when its scheme offers the type.",
        )


def _workflows(wanted: Blueprint, present: Present) -> Iterator[Step]:
    """Yield what nobody can change without others: a workflow without an end, or without a beginning."""
    ids = {row.name: row.id for row in present.issue_types}
    found = [(row.name, present.categories.get(ids.get(row.name, ""))) for row in wanted.types]
    for name, lack in (
        ("Done", [name for name, held in found if held is not None and _DONE not in held]),
        ("To Do", [name for name, held in found if held is not None and not held - {_DONE}]),
    ):
        if lack:
            yield ByHand(
                what=f'Add a status of the category "{name}" to the workflow of {several(lack)}',
                why="Issues are closed and opened again by the category of their status, whatever its name.",
                page=project_page(present.host, present.project.key, "workflows"),
                lines=(
                    "Edit the workflow that the page names; if other projects use it too, copy it and use the copy.",
                    f'Add a status "{name}" of the category "{name}" and a transition to it from all statuses.',
                    "Publish the workflow.",
                ),
            )


def _link_types(wanted: Blueprint, present: Present) -> Iterator[Step]:
    for spec in wanted.link_types:
        if spec.name not in present.link_types:
            yield CreateLinkType(spec, what=f'Create the link type "{spec.name}"', why=spec.says)


def _roles(wanted: Blueprint, present: Present) -> Iterator[Step]:
    for name, spec in wanted.roles.items():
        if name not in present.roles:
            why = f"{spec.says} Nobody holds it yet: people are for you to add."
            yield CreateRole(name, spec, what=f'Create the project role "{name}"', why=why)


def _filters(wanted: Blueprint, present: Present) -> Iterator[Step]:
    """Yield the saved filters that nobody has made yet; one that is there is left as people made it."""
    there = {row.name: row for row in sorted(present.filters, key=lambda row: row.ours)}
    for spec in wanted.filters:
        held = there.get(spec.name)
        if held is None:
            what = f'Save the filter "{spec.name}", shared with {present.project.key}'
            yield CreateFilter(spec, what=what, why=spec.says)
        elif present.host.datacenter and held.ours and not held.shared:  # made in two calls there, so half of it may be
            yield ShareFilter(held.id, what=f'Share the filter "{spec.name}" with {present.project.key}', why=spec.says)


def _webhook(wanted: Blueprint, present: Present, listener: Listener | None) -> Iterator[Step]:
    """Yield what brings events to the service; nothing where deliveries would come unsigned, for none is taken in."""
    if listener is None or present.webhooks is None or not present.host.signs_webhooks:
        return
    spec, key, filtered = wanted.webhook, present.project.key, not present.host.datacenter
    why = f"The service then looks again at once instead of on its schedule; only events of {key} come."
    if not filtered:
        why = f"The service then looks again at once.{_UNFILTERED.format(key=key, filter=spec.filter)}"
    there = next((row for row in present.webhooks if row.url == listener.url), None)
    if there is None:
        what = f"Create the webhook to {listener.url}, signed with the secret"
        yield CreateWebhook(spec, listener, what=what, why=why)
        return
    wrong = [
        word
        for word, held in (
            ("is switched off", there.enabled),
            (f'is filtered by "{there.filter}"', there.filter == spec.filter or not filtered),
            ("leaves out events", set(spec.events) <= there.events),
            ("is not signed", there.signed is not False),
            ("may be signed with a secret that is being replaced", not listener.renew),
        )
        if not held
    ]
    if wrong:
        what = f"Mend the webhook to {listener.url}"
        yield MendWebhook(there, spec, listener, what=what, why=f"It {', '.join(wrong)}. {why}")
