"""Pages that show something."""

from io import BytesIO
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from jira_sandbox import attachments, forms, permissions
from jira_sandbox.pages import guard
from jira_sandbox.pages.inputs import EDITABLE, Input, Place, control
from jira_sandbox.pages.listing import FILTERS, NOBODY, listing
from jira_sandbox.pages.reading import IMAGES, NO_DRAFT, Draft, references, sheet
from jira_sandbox.records import Field, Issue, IssueType, Project, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State
from jira_sandbox.wiki import render

_NOT_ASKED = frozenset({"project", "issuetype"})
_OWN_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def page(template: str, *, status: int = 200, **shown: object) -> ResponseReturnValue:
    """A rendered template; characters that cannot be sent are replaced."""
    return make_response(render_template(template, **shown).encode("utf-8", "replace"), status)


def projects(state: State, user: User) -> ResponseReturnValue:
    """The projects that the person may see."""
    found = []
    for one in state.projects.values():
        if permissions.holds(state, user, "BROWSE_PROJECTS", one):
            mine = [issue for issue in state.issues.values() if issue.project == one.id]
            is_open = [issue for issue in mine if state.statuses[issue.status].category != "done"]
            found.append((one, state.users[one.lead], len(mine), len(is_open)))
    return page("projects.html", projects=sorted(found, key=lambda entry: entry[0].name.casefold()))


def project(state: State, user: User, key: str) -> ResponseReturnValue:
    """The issues of a project."""
    found = permissions.visible_project(state, user, key)
    query = request.args.to_dict()
    mine = [issue for issue in state.issues.values() if issue.project == found.id]

    def again(**changes: str) -> str:
        kept = {name: value for name, value in {**query, "page": "", **changes}.items() if value}
        return url_for("pages.project", key=found.key) + (f"?{urlencode(kept)}" if kept else "")

    return page(
        "project.html",
        project=found,
        listing=listing(state, mine, query, ZoneInfo(user.timezone)),
        query=query,
        filtered=any(query.get(name) for name in (*FILTERS, "text")),
        again=again,
        nobody=NOBODY,
        may_create=permissions.holds(state, user, "CREATE_ISSUES", found),
    )


def issue(state: State, user: User, key: str) -> ResponseReturnValue:
    """An issue; a former key leads on to the present one, a project's key to the project."""
    if "-" not in key:
        return redirect(url_for("pages.project", key=permissions.visible_project(state, user, key).key))
    found = permissions.visible_issue(state, user, key)
    if found.key != key:
        return redirect(url_for("pages.issue", key=found.key))
    return issue_page(state, user, found)


def issue_page(
    state: State, user: User, found: Issue, *, refused: Refused | None = None, draft: Draft = NO_DRAFT
) -> ResponseReturnValue:
    """The page of an issue, with what was refused and the draft of it, if anything was."""
    mine = state.projects[found.project]
    return page(
        "issue.html",
        status=refused.status if refused else 200,
        sheet=sheet(state, user, found, draft),
        refusal=sentences(state, refused),
        draft=draft,
        preview=render(draft.text("comment", "body"), links=references(state, user, found)),
        link_types=sorted({(one.id, way, says) for one in state.link_types.values()
                           for way, says in (("outward", one.outward), ("inward", one.inward))},
                          key=lambda choice: choice[2]),
        images=IMAGES,
        may={right: permissions.holds(state, user, right, mine)
             for right in ("ADD_COMMENTS", "CREATE_ATTACHMENTS", "LINK_ISSUES", "CREATE_ISSUES")},
    )  # fmt: skip


def attachment(state: State, user: User, number: str, name: str) -> ResponseReturnValue:  # noqa: ARG001  # for people
    """The bytes of a file; images show, everything else is a download. As in Jira the name only reads well."""
    if state.datacenter and not guard.signed_in(request):
        return redirect(f"/login.jsp?{urlencode({'permissionViolation': 'true', 'os_destination': request.path})}")
    _, found = attachments.locate(state, user, number)
    shows = found.media_type in IMAGES
    response = send_file(
        BytesIO(state.blobs[found.id]),
        mimetype=found.media_type if shows else "application/octet-stream",
        as_attachment=not shows,
        download_name=found.name,
    )
    response.headers["Content-Security-Policy"] = _OWN_SANDBOX
    return response


def create(state: State, user: User, key: str) -> ResponseReturnValue:
    """The choice of an issue type, then the form of that type."""
    found = permissions.visible_project(state, user, key)
    wanted = request.args.get("type", "")
    chosen = next((one for one in state.types_of(found) if one.id == wanted), None)
    return create_page(state, user, found, chosen)


def create_page(
    state: State,
    user: User,
    mine: Project,
    chosen: IssueType | None,
    *,
    refused: Refused | None = None,
    draft: Draft = NO_DRAFT,
) -> ResponseReturnValue:
    """The form for a new issue, with what was refused and the draft of it, if anything was."""
    may = permissions.holds(state, user, "CREATE_ISSUES", mine)
    return page(
        "create.html",
        status=refused.status if refused else 200,
        project=mine,
        types=state.types_of(mine),
        chosen=chosen,
        inputs=_create_inputs(state, user, mine, chosen, draft) if chosen and may else (),
        may_create=may,
        refusal=sentences(state, refused),
    )


def asked_on_create(state: State, user: User, mine: Project, kind: IssueType) -> list[Field]:
    """The fields that the create form asks for."""
    return [
        field
        for field in forms.settable(state, user, mine, kind, "create")
        if field.kind in EDITABLE and field.id not in _NOT_ASKED
    ]


def _create_inputs(state: State, user: User, mine: Project, kind: IssueType, draft: Draft) -> tuple[Input, ...]:
    presets = {"reporter": (user.account_id,), "priority": ("3",)}
    place = Place(state, mine, kind)
    inputs = []
    for field in asked_on_create(state, user, mine, kind):
        drafted = draft.of("create", field.id)
        held = presets.get(field.id, ()) if drafted is None else drafted
        entry = control(place, field, held, needed=forms.required(state, field, kind))
        inputs.extend([entry] if entry.choices or entry.kind != "checks" else [])
    return tuple(inputs)


def sentences(state: State, refused: Refused | None) -> list[str]:
    """What Jira said no to, a sentence each, with the name of the field it is about."""
    if refused is None:
        return []
    named = [
        f"{state.fields[name].name}: {says}" if name in state.fields else says for name, says in refused.errors.items()
    ]
    return [*refused.messages, *named] or ["Jira refused this."]
