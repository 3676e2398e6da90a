"""Whether the forms of the project's issues show what the service fills in, and demand nothing else."""

from collections.abc import Iterator, Sequence
from typing import Final

from cmmc_jira.core.fields import Fields, map_fields
from cmmc_jira.core.mapping import Tie
from cmmc_jira.service.checks.case import Case, FormField, Sample
from cmmc_jira.service.checks.mend import by_provisioning
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_manifests import schema
from cmmc_manifests.schema import IssueTypeSpec

SCREENS: Final = Check(
    "screens",
    "the screens on which our issues are created",
    "Jira refuses a whole issue for one field that its screen does not show.",
)
EDITING: Final = Check(
    "edit screens",
    "the screens on which our issues are edited",
    "Jira refuses a whole edit for one field that its screen does not show.",
)
LABELS: Final = Check("labels", "the screens of our issues", "By its labels an issue of ours is found again.")
OPTIONS: Final = Check(
    "options",
    "the options of our fields in this project",
    "Jira refuses a value that is no option, and people cannot choose what is not offered.",
)
REQUIRED: Final = Check(
    "required fields",
    "the project's field configuration",
    "The service cannot know what to put into them, so Jira would refuse every issue that it creates.",
)

_OWN: Final = ("remediation", "status")
_GIVEN: Final = frozenset({"project", "issuetype", "summary", "description", "labels", "reporter"})
_WRITTEN: Final = ("summary", "description", "assignee", "duedate", "priority")
_LABELS: Final = "labels"
_LINKS: Final = {Tie.LINK: ("issuelinks",)}
"""What a new issue is tied to its assessment by, beside the field that a parent or an epic stands in."""


def screens(case: Case) -> Iterator[Verdict]:
    """Yield each issue type whose create form lacks fields of ours."""
    ours, whole = _fields(case), True
    for spec, form in _created(case):
        name, also = case.mapping.type_name(spec.key), (*_WRITTEN, *_LINKS.get(case.mapping.tie, ()))
        if lacking := _lacking(spec, ours, form, also=also, new=True):
            whole = False
            yield SCREENS.fault(
                f'The form of a new "{name}" does not show {", ".join(lacking)}.',
                by_provisioning(case),
                where=f'the create screen of "{name}"',
            )
    if whole:
        yield SCREENS.ok("Every form of a new issue shows the fields that belong on it.")


def editing(case: Case) -> Iterator[Verdict]:
    """Yield each issue type whose edit form lacks fields of ours, as seen on its newest open issue."""
    ours, looked, whole = _fields(case), 0, True
    for spec in schema.issue_types():
        name = case.mapping.type_name(spec.key)
        sample = _open(case, name)
        if sample is None:
            continue
        looked, form, where = looked + 1, case.checkup.edit_form(sample.id), f'the edit screen of "{name}"'
        if not form:
            whole = False
            yield EDITING.fault(
                f"{sample.key} cannot be edited by the service account.",
                "Grant it Edit issues, and take jira.issue.editable=false out of the workflow's open statuses.",
                where=where,
            )
        elif lacking := _lacking(spec, ours, form, also=_WRITTEN):
            whole = False
            yield EDITING.fault(
                f"The form that edits {sample.key} does not show {', '.join(lacking)}.",
                by_provisioning(case),
                where=where,
            )
    if whole and looked:
        yield EDITING.ok(f"The form that edits an issue was looked at for {looked} types, and shows what it should.")
    elif whole:
        yield EDITING.ok("No issue of ours is open yet, so no form that edits one can be looked at.")


def labels(case: Case) -> Iterator[Verdict]:
    """Yield each issue type of the service's own whose forms do not take labels."""
    whole = True
    for spec, form in _created(case):
        name = case.mapping.type_name(spec.key)
        sample = _open(case, name)
        edited = case.checkup.edit_form(sample.id) if sample else ()
        if spec.key in _OWN and any(each and _LABELS not in {row.id for row in each} for each in (form, edited)):
            whole = False
            yield LABELS.fault(f'A "{name}" takes no labels.', by_provisioning(case), where=f'the screens of "{name}"')
    if whole:
        yield LABELS.ok("Each issue of ours can be given its labels.")


def options(case: Case) -> Iterator[Verdict]:
    """Yield each field of ours that lacks options in this project."""
    ours = _fields(case)
    wanted = {spec.name: spec for spec in schema.fields() if spec.options}
    offered = {row.id: row.options for _, form in _created(case) for row in form}
    whole = True
    for name, spec in wanted.items():
        id_ = ours.ids[name]
        lacking = [option for option in spec.options if option not in offered.get(id_, spec.options)]
        if lacking:
            whole = False
            yield OPTIONS.fault(
                f'The field "{case.mapping.field_name(name)}" ({id_}) lacks {_listed(lacking)}.',
                by_provisioning(case),
                where=f'the options of "{case.mapping.field_name(name)}"',
            )
    seen = sum(ours.ids[name] in offered for name in wanted)
    if whole and seen == len(wanted):
        yield OPTIONS.ok(f"All {seen} fields to choose from have their options.")
    elif whole:
        yield OPTIONS.ok(
            f"{len(wanted) - seen} of {len(wanted)} fields to choose from are on no form and could not be looked at."
        )


def required(case: Case) -> Iterator[Verdict]:
    """Yield each field that an issue of the service's own cannot do without, and that the service does not fill."""
    ours, whole = _fields(case), True
    known = {*_GIVEN, *ours.ids.values()}
    for spec, form in _created(case):
        given = {*known, *_added(spec, ours)}
        demanded = [row for row in form if row.needed and row.id not in given]
        for row in demanded if spec.key in _OWN else ():
            whole = False
            yield REQUIRED.fault(
                f'"{row.name}" ({row.id}) is required on a "{case.mapping.type_name(spec.key)}" and has no default.',
                f'Make "{row.name}" optional in {case.project}, give it a default value, or write one under defaults '
                "in the mapping of the project.",
            )
    if whole:
        yield REQUIRED.ok("No field is required that the service does not fill.")


def _fields(case: Case) -> Fields:
    return map_fields(case.jira.fields(), flavour=case.jira.site().flavour, mapping=case.mapping)


def _created(case: Case) -> Iterator[tuple[IssueTypeSpec, Sequence[FormField]]]:
    """Yield the create form of each issue type that is there."""
    there = case.checkup.types(case.project)
    for spec in schema.issue_types():
        name = case.mapping.type_name(spec.key)
        if name in there:
            yield spec, case.checkup.form(case.project, there[name])


def _open(case: Case, type_name: str) -> Sample | None:
    """Return the newest issue of a type that is not done; a workflow may forbid to edit those that are."""
    newest = case.checkup.newest(case.project, type_name) if type_name in case.checkup.types(case.project) else ()
    return next((sample for sample in newest if sample.category != "done"), None)


def _lacking(
    spec: IssueTypeSpec, ours: Fields, form: Sequence[FormField], *, also: Sequence[str], new: bool = False
) -> Sequence[str]:
    """Return the names of the fields that a form should show and does not."""
    shown = {row.id for row in form}
    lacking = [row.name for row in schema.fields() if spec.key in row.used_on and ours.ids[row.name] not in shown]
    added = _added(spec, ours) if spec.key in _OWN and new else ()
    wanted = (*(id_ for id_ in also if id_ in spec.also), *added)
    return [*lacking, *(id_ for id_ in wanted if id_ not in shown)]


def _added(spec: IssueTypeSpec, ours: Fields) -> Sequence[str]:
    """Return the ids of the fields that the mapping gives a new issue beside those of ours."""
    mapping = ours.mapping
    components = spec.key == "remediation" and bool(mapping.component or mapping.components)
    native = {"security": spec.key in mapping.security, "components": components, ours.parent_id: bool(ours.parent_id)}
    return (*ours.extras.creates.get(spec.key, ()), *(id_ for id_, given in native.items() if given))


def _listed(options: Sequence[str]) -> str:
    quoted = [f'"{option}"' for option in options]
    return f"the option {quoted[0]}" if len(quoted) == 1 else f"the options {', '.join(quoted)}"
