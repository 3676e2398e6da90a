"""Links between issues, and their types."""

from flask import Response

from jira_sandbox import comments, links, permissions, present, present_issue
from jira_sandbox.records import Link, LinkType
from jira_sandbox.refusals import Refused
from jira_sandbox.web import Resource, account, answer, body, caller, nothing, state, view

link = Resource("link")


@link.route("/issueLinkType", "GET", anonymous=True)
def link_types() -> Response:
    """All link types."""
    return answer({"issueLinkTypes": [present.link_type(view(), one) for one in state().link_types.values()]})


@link.route("/issueLinkType", "POST")
def create_link_type() -> Response:
    """Create a link type."""
    if not account().admin:
        raise Refused(404, "You do not have permission to create issue link types.")
    asked = body("id", "name", "inward", "outward", "self")
    texts = [asked.get(key) for key in ("name", "inward", "outward")]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise Refused(400, "A link type needs a name, an inward and an outward description.")
    name, inward, outward = (str(text).strip() for text in texts)
    if any(one.name.lower() == name.lower() for one in state().link_types.values()):
        raise Refused(404, f"An issue link type with the name '{name}' already exists.")
    made = LinkType(state().next_id("link type"), name, inward, outward)
    state().link_types[made.id] = made
    return answer(present.link_type(view(), made), 201)


@link.route("/issueLinkType/<type_id>", "GET", anonymous=True)
def read_link_type(type_id: str) -> Response:
    """One link type."""
    found = state().link_types.get(type_id)
    if found is None:
        raise Refused(404, f"No issue link type with id '{type_id}' found.")
    return answer(present.link_type(view(), found))


@link.route("/issueLink", "POST")
def create_link() -> Response:
    """Link two issues: `inwardIssue` is the one that blocks, `outwardIssue` the one that is blocked."""
    asked = body("type", "inwardIssue", "outwardIssue", "comment")
    link_type = links.named_type(state(), asked.get("type"))
    source = links.named_issue(state(), account(), asked.get("inwardIssue"))
    destination = links.named_issue(state(), account(), asked.get("outwardIssue"))
    remark = asked.get("comment")
    if remark is not None:
        comments.check(state(), account(), state().projects[source.project], remark, view().api)
    links.add(state(), account(), link_type, source, destination)
    if remark is not None:
        comments.add(state(), account(), state().issues[source.id], remark, api=view().api)
    return nothing(201)


def _link(link_id: str) -> Link:
    found = state().links.get(link_id)
    ends = [] if found is None else [state().issues[found.source], state().issues[found.destination]]
    if found is None or not all(permissions.sees(state(), caller(), one) for one in ends):
        raise Refused(404, f"No issue link with id '{link_id}' exists.")
    return found


@link.route("/issueLink/<link_id>", "GET", anonymous=True)
def read_link(link_id: str) -> Response:
    """One link with both its ends."""
    found = _link(link_id)
    return answer(
        {
            "id": found.id,
            "self": view().link(f"issueLink/{found.id}"),
            "type": present.link_type(view(), state().link_types[found.type]),
            "inwardIssue": present_issue.brief(view(), state().issues[found.source]),
            "outwardIssue": present_issue.brief(view(), state().issues[found.destination]),
        }
    )


@link.route("/issueLink/<link_id>", "DELETE")
def delete_link(link_id: str) -> Response:
    """Take a link away."""
    links.remove(state(), account(), _link(link_id))
    return nothing()
