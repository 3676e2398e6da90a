"""What of Jira's administration Data Center has REST for in another way than Cloud.

https://docs.atlassian.com/software/jira/docs/api/REST/10.3.0/
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.administration import API, PAGE, Administration
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import Context, Project, TypeScheme
from cmmc_manifests.schema import FilterSpec

_HIDDEN_WITHOUT: Final = {
    "assignee": "ASSIGN_ISSUES",
    "duedate": "SCHEDULE_ISSUES",
    "issuelinks": "LINK_ISSUES",
    "attachment": "CREATE_ATTACHMENTS",
}
"""Native fields that a form shows only to who holds a permission."""


class DataCenterParts:
    """Schemes, contexts and filters as Jira Data Center keeps them."""

    def __init__(self, office: Administration) -> None:
        self._office = office

    def type_scheme(self, project: Project) -> TypeScheme:
        """Return the issue type scheme of a project; it is looked for among those that offer what the project does."""
        doing, read = f"read the issue type scheme of {project.key}", self._office.read
        rows = read("issuetypescheme", doing, shapes.SCHEMES_HERE, expand="schemes.issueTypes")["schemes"]
        for row in rows:
            types = tuple(one["id"] for one in row["issueTypes"])
            if types and frozenset(types) != project.types:
                continue
            users = frozenset(
                one["id"] for one in read(f"issuetypescheme/{row['id']}/associations", doing, shapes.USED_BY)
            )
            if project.id in users:
                return TypeScheme(row["id"], row["name"], types or tuple(sorted(project.types)), users)
        raise JiraRefused(
            f"The issue type scheme of {project.key} is not among those that Jira lists: look at it once."
        )

    def offer_issue_types(self, scheme: TypeScheme, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme, which is written as a whole."""
        doing, path = "add our issue types to the scheme", f"issuetypescheme/{scheme.id}"
        held = self._office.read(path, doing, shapes.SCHEME_HERE)
        first = held["defaultIssueType"]
        body = {
            "name": held["name"],
            "description": held["description"] or "",
            "issueTypeIds": [*scheme.types, *type_ids],
            **({"defaultIssueTypeId": first["id"]} if first else {}),
        }
        self._office.write("PUT", f"{API}/{path}", doing, body)

    def withheld(self, project: Project) -> frozenset[str]:
        """Return the native fields that forms hide from our account, because it lacks a permission."""
        doing = f"list our permissions in {project.key}"
        held = self._office.read("mypermissions", doing, shapes.PERMISSIONS, projectKey=project.key)["permissions"]
        return frozenset(
            field for field, right in _HIDDEN_WITHOUT.items() if not (held.get(right) or {}).get("havePermission")
        )

    def contexts(self, fields: Mapping[str, bool], project: Project) -> Mapping[str, Sequence[Context]]:
        """Return where custom fields apply, with their options in the project where these are asked for.

        Data Center tells the projects of all contexts of a field together, so they are one here.
        """
        if not fields:
            return {}
        rows = self._office.pages("customFields", "read where its custom fields apply", shapes.FIELDS_HERE)
        known = {row["id"]: row for row in rows}
        return {
            id_: [self._context(known[id_], project, options=options)]
            for id_, options in fields.items()
            if id_ in known
        }

    def _context(self, row: Mapping[str, Any], project: Project, *, options: bool) -> Context:
        known = self._options(row["id"], project) if options else []
        return Context(
            id=row["id"],
            everywhere=row["isAllProjects"],
            projects=frozenset(row["projectIds"]),
            options=tuple(one["value"] for one in known if not one["disabled"]),
            disabled=frozenset(one["value"] for one in known if one["disabled"]),
            every_type=not row["issueTypeIds"],
        )

    def _options(self, field_id: str, project: Project) -> Sequence[Any]:
        path, doing = f"customFields/{field_id.removeprefix('customfield_')}/options", f"read the options of {field_id}"
        found: list[Any] = []
        number = 1
        while True:
            params = {"projectIds": project.id, "page": str(number), "maxResults": str(PAGE)}
            page = self._office.read(path, doing, shapes.OPTIONS_HERE, **params)
            found += page["options"]
            if not page["options"] or len(found) >= page["total"]:
                return found
            number += 1

    def screen_mapping(self, project: Project) -> None:
        """Return nothing: which screens a project uses cannot be read here."""
        del project

    def screen_schemes(self) -> Sequence[Any]:
        """Return nothing: screen schemes cannot be read here."""
        return ()

    def filters(self, named: str) -> Sequence[Any]:
        """Return the favourite filters of our account whose name holds this text: others cannot be listed here."""
        rows = self._office.read("filter/favourite", "list its saved filters", shapes.FILTERS)["values"]
        return [row for row in rows if named in row["name"]]

    def create_filter(self, spec: FilterSpec, project: Project) -> str:
        """Create a saved filter among the favourites, so that it is found again; its id."""
        del project
        body = {"name": spec.name, "description": spec.says, "jql": spec.jql, "favourite": True}
        return self._office.make("filter", f'save the filter "{spec.name}"', body)
