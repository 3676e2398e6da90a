"""What a Jira project lacks, given what the site holds. Pure: it compares records with the manifests."""

from collections.abc import Mapping, Sequence
from typing import Final

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import Field, Listener, Project, Screen
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
from cmmc_manifests.schema import FieldSpec, IssueTypeSpec

_SCHEMA: Final[Mapping[str, tuple[str, str | None]]] = {
    "text": ("string", None),
    "paragraph": ("string", None),
    "number": ("number", None),
    "date": ("date", None),
    "select": ("option", None),
    "checkboxes": ("array", "option"),
    "user": ("user", None),
}


def shortfall(present: Present, listener: Listener | None) -> tuple[Step, ...]:
    """Return what has to be done to make the project ready, in an order in which it can be done.

    Raises:
        JiraRefused: a person must settle something first; each thing in a sentence.

    """
    mistakes = [*_project_mistakes(present.project), *_type_mistakes(present), *_field_mistakes(present)]
    if mistakes:
        raise JiraRefused("\n".join(mistakes))
    return (
        *_issue_types(present),
        *_fields(present),
        *_screens(present),
        *_link_types(present),
        *_webhook(present, listener),
    )


def _project_mistakes(project: Project) -> list[str]:
    sentence = (
        f"The project {project.key} is team-managed, so it cannot use the site's issue types and fields: "
        "make a company-managed project and set CMMC_JIRA_PROJECT to its key."
    )
    return [sentence] if project.team_managed else []


def _type_mistakes(present: Present) -> list[str]:
    ours = {spec.name for spec in schema.issue_types()}
    mistakes = [
        f'The issue type "{row.name}" ({row.id}) is a sub-task type: rename it, so that a standard one can be created.'
        for row in present.issue_types
        if row.name in ours and row.subtask
    ]
    offered = {row.name for row in present.issue_types if row.id in present.type_scheme.types}
    others = sorted(present.type_scheme.projects - {present.project.id})
    if others and not ours <= offered:
        mistakes.append(
            f'The issue type scheme "{present.type_scheme.name}" is shared with {len(others)} other project'
            f"{'s' if len(others) > 1 else ''}, which would get our issue types too: give {present.project.key} an "
            "issue type scheme of its own (Project settings, Issue types, Actions), then run this again."
        )
    return mistakes


def _field_mistakes(present: Present) -> list[str]:
    mistakes = []
    for spec in schema.fields():
        found = [row for row in present.fields if row.name == spec.name]
        ids = ", ".join(row.id for row in found)
        if len(found) > 1:
            mistakes.append(
                f'This Jira has {len(found)} fields named "{spec.name}" ({ids}): rename all but the one that is meant.'
            )
        elif found and (found[0].type, found[0].items) != _SCHEMA[spec.type]:
            held = f"{found[0].type} of {found[0].items}" if found[0].items else found[0].type
            mistakes.append(
                f'The field "{spec.name}" ({ids}) holds {held}, and a {spec.type} field is needed: rename it, '
                "so that one can be created."
            )
    return mistakes


def _issue_types(present: Present) -> list[Step]:
    there = {row.name: row.id for row in present.issue_types}
    found: list[Step] = [
        CreateIssueType(spec, what=f'Create the issue type "{spec.name}"', why=spec.says)
        for spec in schema.issue_types()
        if spec.name not in there
    ]
    lacking = tuple(spec.name for spec in schema.issue_types() if there.get(spec.name) not in present.type_scheme.types)
    if lacking:
        found.append(
            OfferIssueTypes(
                present.type_scheme.id,
                lacking,
                what=f'Add {_several(lacking)} to the issue type scheme "{present.type_scheme.name}"',
                why=f"Issues of a type can be created in {present.project.key} only when its scheme offers the type.",
            )
        )
    return found


def _fields(present: Present) -> list[Step]:
    there = {row.name: row for row in present.fields}
    found: list[Step] = []
    for spec in schema.fields():
        if spec.name in there:
            found += _contexts(spec, there[spec.name], present)
        else:
            options = f" with {_several(spec.options)}" if spec.options else ""
            found.append(CreateField(spec, what=f'Create the {spec.type} field "{spec.name}"{options}', why=spec.says))
    return found


def _contexts(spec: FieldSpec, there: Field, present: Present) -> list[Step]:
    """Return what an adopted field lacks: that it applies to the project, and its options there."""
    contexts, project = present.contexts.get(there.id, ()), present.project
    applies = next((row for row in contexts if project.id in row.projects), None) or next(
        (row for row in contexts if row.everywhere), None
    )
    lacking = tuple(option for option in spec.options if applies is None or option not in applies.options)
    if applies is not None and not lacking:
        return []
    if applies is not None and (applies.projects == {project.id} or not applies.options):
        return [
            AddOptions(
                there.id,
                applies.id,
                lacking,
                what=f'Add {_several(lacking)} to the options of the field "{spec.name}" ({there.id})',
                why=spec.says,
            )
        ]
    why = "It does not apply to the project yet." if applies is None else "Its options are shared with other projects."
    return [
        CreateContext(
            there.id,
            f"{project.key}: {spec.name}",
            spec.options,
            what=f'Give the field "{spec.name}" ({there.id}) a context for {project.key} alone',
            why=why,
        )
    ]


def screen_name(type_name: str) -> str:
    """Return the name of the screen that an issue type of ours gets when it has none to itself."""
    return f"{type_name} Screen"


def scheme_name(type_name: str) -> str:
    """Return the name of that screen's scheme."""
    return f"{type_name} Screen Scheme"


def _screens(present: Present) -> list[Step]:
    found: list[Step] = []
    schemes = {row.name: row.id for row in present.screen_schemes}
    moved: dict[str, str] = {}
    for spec in schema.issue_types():
        adopted = _screens_of(spec, present)
        for screen in adopted:
            found += _show(spec, screen.name, screen.fields, present)
        if adopted:
            continue
        found += _own_screen(spec, present)
        if schemes.get(scheme_name(spec.name), "") != _mapped(spec, present):
            moved[spec.name] = scheme_name(spec.name)
    if moved:
        found.append(
            UseScreens(
                present.mapping.id,
                moved,
                what=f'Use these screens for {_several(tuple(moved))} in "{present.mapping.name}"',
                why="A field is accepted only when the screen of the issue's type shows it.",
            )
        )
    return found


def _mapped(spec: IssueTypeSpec, present: Present) -> str | None:
    """Return the id of the screen scheme that the project maps the issue type to; None when it takes the default."""
    type_id = next((row.id for row in present.issue_types if row.name == spec.name), "")
    return present.mapping.schemes.get(type_id)


def _screens_of(spec: IssueTypeSpec, present: Present) -> list[Screen]:
    """Return the screens that an issue type has to itself; none when other types or projects may use them too."""
    mapped = _mapped(spec, present)
    names = {row.name for row in schema.issue_types()}
    ours = {row.id for row in present.issue_types if row.name in names}
    alone = {scheme for used_by, scheme in present.mapping.schemes.items() if used_by in ours} - {
        scheme for used_by, scheme in present.mapping.schemes.items() if used_by not in ours
    }
    if mapped not in alone:
        return []
    mine = frozenset(id_ for row in present.screen_schemes if row.id == mapped for id_ in row.screens)
    others = {id_ for row in present.screen_schemes if row.id not in alone for id_ in row.screens}
    return [] if mine & others else [screen for screen in present.screens if screen.id in mine]


def _own_screen(spec: IssueTypeSpec, present: Present) -> list[Step]:
    name, scheme = screen_name(spec.name), scheme_name(spec.name)
    there = next((row for row in present.screens if row.name == name), None)
    found: list[Step] = []
    if there is None:
        why = "The screens of other issue types stay as they are."
        found.append(CreateScreen(name, what=f'Create the screen "{name}"', why=why))
    found += _show(spec, name, there.fields if there else frozenset(), present)
    if not any(row.name == scheme for row in present.screen_schemes):
        why = f'Creating, editing and viewing a "{spec.name}" all use that screen.'
        found.append(CreateScreenScheme(scheme, name, what=f'Create the screen scheme "{scheme}"', why=why))
    return found


def _show(spec: IssueTypeSpec, screen: str, shown: frozenset[str], present: Present) -> list[Step]:
    ids = {row.name: row.id for row in present.fields}
    native = tuple(id_ for id_ in spec.also if id_ not in shown)
    ours = tuple(row.name for row in schema.fields() if spec.key in row.used_on and ids.get(row.name) not in shown)
    lacking = (*native, *ours)
    if not lacking:
        return []
    return [
        ShowFields(
            screen,
            native,
            ours,
            what=f'Show {len(lacking)} field{"s" if len(lacking) > 1 else ""} on the screen "{screen}"',
            why=f"Otherwise nobody can enter {', '.join(lacking)}.",
        )
    ]


def _link_types(present: Present) -> list[Step]:
    return [
        CreateLinkType(spec, what=f'Create the link type "{spec.name}"', why=spec.says)
        for spec in schema.link_types()
        if spec.name not in present.link_types
    ]


def _webhook(present: Present, listener: Listener | None) -> list[Step]:
    if listener is None or present.webhooks is None:
        return []
    spec = schema.webhook(present.project.key)
    why = f"The service then looks again at once instead of on its schedule; only events of {present.project.key} come."
    there = next((row for row in present.webhooks if row.url == listener.url), None)
    if there is None:
        return [
            CreateWebhook(spec, listener, what=f"Create the webhook to {listener.url}, signed with the secret", why=why)
        ]
    wrong = [
        word
        for word, held in (
            ("is switched off", there.enabled),
            (f'is filtered by "{there.filter}"', there.filter == spec.filter),
            ("leaves out events", set(spec.events) <= there.events),
            ("may be signed with a secret that is being replaced", not listener.renew),
        )
        if not held
    ]
    if not wrong:
        return []
    told = ", ".join(wrong)
    return [MendWebhook(there, spec, listener, what=f"Mend the webhook to {listener.url}", why=f"It {told}. {why}")]


def _several(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
