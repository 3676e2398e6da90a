"""What the custom fields lack: that they are there, apply to the project, and have their options there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cmmc_jira.service.admin import Context, Field, IssueType
from cmmc_jira.service.blueprint import Blueprint
from cmmc_jira.service.steps import AddOptions, ByHand, CreateContext, CreateField, Present, Step
from cmmc_jira.service.wording import admin_page, in_order, several
from cmmc_manifests.schema import FieldSpec

_BY_ID: Final = "customfield_"
_SCHEMA: Final[Mapping[str, tuple[str, str | None]]] = {
    "text": ("string", None),
    "paragraph": ("string", None),
    "number": ("number", None),
    "date": ("date", None),
    "select": ("option", None),
    "checkboxes": ("array", "option"),
    "user": ("user", None),
}
_SHARED: Final = "Its options are shared with other projects."


def matching(name: str, fields: Sequence[Field]) -> list[Field]:
    """Return the fields that a name, or an id such as `customfield_10077`, may mean."""
    return [row for row in fields if name in (row.name, row.id)]


def shown_whole(
    wanted: Blueprint,
    fields: Sequence[Field],
    issue_types: Sequence[IssueType],
    forms: Mapping[str, Mapping[str, frozenset[str]]],
) -> frozenset[str]:
    """Return the ids of the fields of ours that every form they belong on shows, with all their options."""
    ids = {row.name: row.id for row in issue_types}
    whole = set()
    for spec in wanted.fields:
        types = [ids.get(row.name, "") for row in wanted.types if spec.name in row.ours]
        for field in matching(spec.name, fields):
            shown = (forms.get(type_id, {}).get(field.id) for type_id in types)
            if all(options is not None and set(spec.options) <= options for options in shown):
                whole.add(field.id)
    return frozenset(whole)


def field_mistakes(wanted: Blueprint, present: Present) -> Iterator[str]:
    """Yield a sentence for each field that a person must settle first."""
    for spec in wanted.fields:
        found = matching(spec.name, present.fields)
        ids = ", ".join(row.id for row in found)
        if len(found) > 1:
            named = f'{len(found)} fields named "{spec.name}" ({ids})'
            yield f"This Jira has {named}: rename all but the one that is meant, or map it by its id."
        elif not found:
            if spec.name.startswith(_BY_ID):
                yield f"The mapping names the field {spec.name}, which this Jira does not have: write one that it has."
        elif (found[0].type, found[0].items) != _SCHEMA[spec.type]:
            held = f"{found[0].type} of {found[0].items}" if found[0].items else found[0].type
            yield (
                f'The field "{spec.name}" ({ids}) holds {held}, and a {spec.type} field is needed: rename it, '
                "so that one can be created."
            )
        else:
            yield from _context_mistakes(spec, found[0], present)


def _context_mistakes(spec: FieldSpec, field: Field, present: Present) -> Iterator[str]:
    """Yield what keeps an adopted field from applying whole, and that cannot be mended beside what others use."""
    name, applies = f'the field "{field.name}" ({field.id})', _applying(field, present)
    if applies is None:
        return
    if not applies.every_type:
        yield f"In its context {name} applies to some issue types only: let it apply to all of them."
    disabled = [option for option in spec.options if option in applies.disabled]
    if disabled:
        one = "option" if len(disabled) == 1 else "options"
        yield f"The {one} {several(disabled)} of {name} {_are(disabled)} disabled: enable what is needed again."
    lacking = [option for option in _lacking(spec, applies) if option not in disabled]
    if lacking and not applies.everywhere and not _alone(applies, present):
        others = len(applies.projects - {present.project.id})
        yield (
            f"The context of {name} is shared with {others} other project{'s' if others > 1 else ''} and lacks "
            f"{several(lacking)}: add them there, or take {present.project.key} out of it."
        )


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def field_steps(wanted: Blueprint, present: Present) -> Iterator[Step]:
    """Yield what the fields lack, in the order of the manifest."""
    for spec in wanted.fields:
        found = matching(spec.name, present.fields)
        if found:
            yield from _context_steps(spec, found[0], present)
            continue
        by_rest = "" if present.host.datacenter or not spec.options else f" with {several(spec.options)}"
        yield CreateField(spec, what=f'Create the {spec.type} field "{spec.name}"{by_rest}', why=spec.says)
        if present.host.datacenter and spec.options:
            yield _options_by_hand(spec, None, spec.options, present)


def _context_steps(spec: FieldSpec, field: Field, present: Present) -> Iterator[Step]:
    """Yield what an adopted field lacks: that it applies to the project, and its options there."""
    if field.id not in present.contexts:
        return
    applies, key = _applying(field, present), present.project.key
    lacking = _lacking(spec, applies)
    if applies is not None and not lacking:
        return
    if applies is not None and (_alone(applies, present) or not applies.options):
        if present.host.datacenter:
            yield _options_by_hand(spec, field, lacking, present)
        else:
            what = f'Add {several(lacking)} to the options of the field "{field.name}" ({field.id})'
            yield AddOptions(field.id, applies.id, lacking, what=what, why=spec.says)
        return
    why = f"It does not apply to {key} yet." if applies is None else _SHARED
    what = f'Give the field "{field.name}" ({field.id}) a context for {key} alone'
    label = f"{key}: {field.name}"
    if present.host.datacenter:
        yield _context_by_hand(spec, field, label, present, what=what, why=why)
    else:
        yield CreateContext(field.id, label, spec.options, what=what, why=why)


def _applying(field: Field, present: Present) -> Context | None:
    contexts, project = present.contexts.get(field.id, ()), present.project
    own = next((row for row in contexts if project.id in row.projects), None)
    return own or next((row for row in contexts if row.everywhere), None)


def _alone(context: Context, present: Present) -> bool:
    return context.projects == {present.project.id} and not context.everywhere


def _lacking(spec: FieldSpec, applies: Context | None) -> tuple[str, ...]:
    return tuple(option for option in spec.options if applies is None or option not in applies.options)


def _options_by_hand(spec: FieldSpec, field: Field | None, options: Sequence[str], present: Present) -> ByHand:
    return ByHand(
        what=f'Add the options of the field "{spec.name}"',
        why=spec.says,
        page=_page(field, present),
        lines=('Press "Edit Options".', f"Add one after another, in this order: {in_order(options)}."),
    )


def _context_by_hand(spec: FieldSpec, field: Field, label: str, present: Present, *, what: str, why: str) -> ByHand:
    project = f"{present.project.name} ({present.project.key})"
    choose = f'Press "Add new context", enter the label "{label}", choose the project "{project}"'
    lines = [f'{choose} and any issue type, and press "Add".']
    if spec.options:
        lines.append(f'Press "Edit Options" in it and add, in this order: {in_order(spec.options)}.')
    return ByHand(what=what, why=why, page=_page(field, present), lines=tuple(lines))


def _page(field: Field | None, present: Present) -> str:
    """Return the page of a field's contexts; one that is not there yet is found in the list of all."""
    if field is None:
        return f'{admin_page(present.host, "ViewCustomFields.jspa")} ("Contexts and default value" of the field)'
    return admin_page(present.host, f"ConfigureCustomField!default.jspa?customFieldId={field.id.removeprefix(_BY_ID)}")
