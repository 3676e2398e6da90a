"""One issue as a person reads it: every field by name, people, links, files, comments, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from jira_sandbox import forms, people, permissions, values, wiki, workflow
from jira_sandbox.pages.inputs import EDITABLE, Input, Place, control, texts
from jira_sandbox.records import Attachment, Field, Issue, IssueType, Project, Status, Transition, User
from jira_sandbox.state import State

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MAIN = ("summary", "description")
PEOPLE = ("assignee", "reporter")
DATES = ("duedate",)
_ELSEWHERE = frozenset({"issuetype", "project", "issuelinks", "attachment", "comment", "subtasks", "parent"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with its value: `html` for rich text, `people`, `chips` or plain `text`; `input` where it may change."""

    id: str
    name: str
    kind: str
    text: str = ""
    html: Markup | None = None
    people: tuple[User, ...] = ()
    chips: tuple[str, ...] = ()
    input: Input | None = None

    @property
    def filled(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.text or self.html or self.people or self.chips)


@dataclass(frozen=True, slots=True)
class Step:
    """A transition with the controls of its screen."""

    transition: Transition
    to: Status
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """An issue near this one."""

    key: str
    summary: str
    type: IssueType
    status: Status


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is shown."""

    id: str
    author: User
    created: datetime
    edited: bool
    html: Markup


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of an issue shows."""

    issue: Issue
    project: Project
    type: IssueType
    status: Status
    resolution: str
    steps: tuple[Step, ...]
    main: Mapping[str, Shown]
    people: tuple[Shown, ...]
    details: tuple[Shown, ...]
    parent: Near | None
    subtasks: tuple[Near, ...]
    links: Mapping[str, tuple[Near, ...]]
    files: tuple[tuple[Attachment, User], ...]
    comments: tuple[Said, ...]
    creator: User


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person sent and Jira refused: shown again in the control it came from."""

    form: str = ""
    sent: Mapping[str, Sequence[str]] | None = None

    def of(self, form: str, field: str) -> Sequence[str] | None:
        """The texts sent for a field by this form, None where the form is another or there are none."""
        return self.sent.get(field) if self.sent and self.form == form else None

    def text(self, form: str, field: str) -> str:
        """The one text sent for a field by this form, empty where there is none."""
        return next(iter(self.of(form, field) or ()), "")


NO_DRAFT = Draft()


def sheet(state: State, user: User, issue: Issue, draft: Draft = NO_DRAFT) -> Sheet:
    """The page of an issue through this person's eyes."""
    project, kind = state.projects[issue.project], state.issue_types[issue.type]
    settable: set[str] = set()
    if permissions.holds(state, user, "EDIT_ISSUES", project):
        settable = {field.id for field in forms.settable(state, user, project, kind, "edit")}
    shown = {
        field.id: _shown(state, user, issue, field, draft, editable=field.id in settable)
        for field in _fields(state, issue, project)
    }
    resolution = state.resolutions.get(issue.values.get("resolution") or "")
    parent = state.issues.get(issue.values.get("parent") or "")
    return Sheet(
        issue=issue,
        project=project,
        type=kind,
        status=state.statuses[issue.status],
        resolution=resolution.name if resolution else "",
        steps=tuple(_step(state, issue, step, draft) for step in workflow.available(state, user, issue)),
        main={name: shown[name] for name in MAIN},
        people=tuple(shown[name] for name in PEOPLE),
        details=tuple(one for name, one in shown.items() if name not in {*MAIN, *PEOPLE}),
        parent=near(state, parent) if parent else None,
        subtasks=tuple(near(state, one) for one in state.subtasks_of(issue.id) if permissions.sees(state, user, one)),
        links=_links(state, user, issue),
        files=tuple((file, state.users[file.author]) for file in reversed(issue.attachments)),
        comments=tuple(_said(state, user, issue, place) for place in range(len(issue.comments))),
        creator=state.users[issue.creator],
    )


def near(state: State, issue: Issue) -> Near:
    """An issue as others mention it."""
    summary = issue.values.get("summary") or ""
    return Near(issue.key, summary, state.issue_types[issue.type], state.statuses[issue.status])


def references(state: State, user: User, issue: Issue | None) -> wiki.Links:
    """What a text on this issue can refer to."""

    def find_issue(key: str) -> wiki.IssueLink | None:
        found = state.find_issue(key)
        if found is None or not permissions.sees(state, user, found):
            return None
        done = state.statuses[found.status].category == "done"
        return wiki.IssueLink(url_for("pages.issue", key=found.key), found.values.get("summary") or "", done=done)

    def find_person(who: str) -> str | None:
        found = people.named(state, who)
        return found.display_name if found else None

    def find_file(name: str) -> wiki.FileLink | None:
        files = issue.attachments if issue else ()
        found = next((file for file in reversed(files) if file.name == name), None)
        if found is None:
            return None
        href = url_for("pages.attachment", number=found.id, name=found.name)
        return wiki.FileLink(href, image=found.media_type in IMAGES)

    return wiki.Links(find_issue, find_person, find_file)


def _fields(state: State, issue: Issue, project: Project) -> list[Field]:
    """The fields of the issue's screens, then those that hold a value anyway; each once, in order."""
    wanted = [state.fields[name] for name in (*MAIN, *PEOPLE)]
    wanted += forms.on_screen(state, state.screen_of(project, issue.type, "view"))
    wanted += forms.on_screen(state, state.screen_of(project, issue.type, "edit"))
    wanted += [state.fields[name] for name, kept in issue.values.items() if kept is not None and name in state.fields]
    return [
        field
        for field in dict.fromkeys(wanted)
        if field.id not in _ELSEWHERE
        and field.kind in EDITABLE
        and (not field.custom or state.context_of(field, project, issue.type) is not None)
    ]


def _shown(state: State, user: User, issue: Issue, field: Field, draft: Draft, *, editable: bool) -> Shown:
    kept = issue.values.get(field.id)
    place = Place(state, state.projects[issue.project], state.issue_types[issue.type])
    held = texts(state, field, kept)
    drafted = draft.of("edit", field.id)
    needed = forms.required(state, field, place.type)
    entry = control(place, field, held if drafted is None else drafted, needed=needed) if editable else None
    if kept is None:
        return Shown(field.id, field.name, field.kind, input=entry)
    match field.kind:
        case "rich":
            html = wiki.render(kept, links=references(state, user, issue))
            return Shown(field.id, field.name, field.kind, html=html, input=entry)
        case "user" | "users":
            ids = (kept,) if field.kind == "user" else kept
            people = tuple(state.users[one] for one in ids if one in state.users)
            return Shown(field.id, field.name, field.kind, people=people, input=entry)
        case "labels" | "options" | "components":
            return Shown(field.id, field.name, field.kind, chips=_chips(state, field, kept), input=entry)
        case _:
            text = values.shown(state, field, kept)[1] or ""
            return Shown(field.id, field.name, field.kind, text=text, input=entry)


def _chips(state: State, field: Field, kept: Sequence[str]) -> tuple[str, ...]:
    if field.kind == "labels":
        return tuple(kept)
    return tuple(values.shown(state, field, (one,))[1] or "" for one in kept)


def _step(state: State, issue: Issue, step: Transition, draft: Draft) -> Step:
    place = Place(state, state.projects[issue.project], state.issue_types[issue.type])
    form = f"transition-{step.id}"
    inputs = []
    for field in workflow.screen_fields(state, step):
        if field.kind in EDITABLE:
            drafted = draft.of(form, field.id)
            held = texts(state, field, issue.values.get(field.id)) if drafted is None else drafted
            inputs.append(control(place, field, held, needed=field.id in step.required))
    return Step(step, state.statuses[step.to], tuple(inputs))


def _links(state: State, user: User, issue: Issue) -> dict[str, tuple[Near, ...]]:
    """The visible issues linked with this one, by what the link says from here."""
    grouped: dict[str, list[Near]] = {}
    for link in state.links_of(issue.id):
        outward = link.source == issue.id
        other = state.issues[link.destination if outward else link.source]
        if permissions.sees(state, user, other):
            kind = state.link_types[link.type]
            grouped.setdefault(kind.outward if outward else kind.inward, []).append(near(state, other))
    return {says: tuple(found) for says, found in sorted(grouped.items())}


def _said(state: State, user: User, issue: Issue, place: int) -> Said:
    comment = issue.comments[place]
    html = wiki.render(comment.body, links=references(state, user, issue))
    author = state.users[comment.author]
    return Said(comment.id, author, comment.created, comment.updated != comment.created, html)
