"""What of Jira's administration Cloud has REST for and Data Center has not, or has in another way."""

from collections.abc import Mapping, Sequence
from typing import Any

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.administration import API, Administration
from cmmc_jira.service.admin import Context, Project, ScreenMapping, ScreenScheme, TypeScheme
from cmmc_manifests.schema import FilterSpec


class CloudParts:
    """Schemes, contexts, screens and filters as Jira Cloud keeps them."""

    def __init__(self, office: Administration) -> None:
        self._office = office

    def type_scheme(self, project: Project) -> TypeScheme:
        """Return the issue type scheme of a project, with every project that uses it."""
        doing, pages = f"read the issue type scheme of {project.key}", self._office.pages
        used = pages("issuetypescheme/project", doing, shapes.TYPE_SCHEMES_USED, projectId=project.id)
        scheme = used[0]["issueTypeScheme"]
        types = pages("issuetypescheme/mapping", doing, shapes.TYPES_OFFERED, issueTypeSchemeId=scheme["id"])
        shared = pages("issuetypescheme", doing, shapes.TYPE_SCHEMES, id=scheme["id"], expand="projects")
        return TypeScheme(
            id=scheme["id"],
            name=scheme["name"],
            types=tuple(row["issueTypeId"] for row in types),
            projects=frozenset(one["id"] for row in shared for one in (row["projects"] or {}).get("values", ())),
        )

    def offer_issue_types(self, scheme: TypeScheme, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme."""
        path = f"{API}/issuetypescheme/{scheme.id}/issuetype"
        self._office.write("PUT", path, "add our issue types to the scheme", {"issueTypeIds": list(type_ids)})

    def withheld(self, project: Project) -> frozenset[str]:
        """Return nothing: here the screens themselves tell what the forms leave out."""
        del project
        return frozenset()

    def contexts(self, fields: Mapping[str, bool], project: Project) -> Mapping[str, Sequence[Context]]:
        """Return the contexts of custom fields, with their options where these are asked for."""
        del project
        return {field_id: self._contexts(field_id, options=options) for field_id, options in fields.items()}

    def _contexts(self, field_id: str, *, options: bool) -> Sequence[Context]:
        doing, path = f"read the contexts of {field_id}", f"field/{field_id}/context"
        rows = self._office.pages(path, doing, shapes.CONTEXTS)
        limited = any(not row["isGlobalContext"] for row in rows)
        projects = self._office.pages(f"{path}/projectmapping", doing, shapes.CONTEXT_PROJECTS) if limited else []
        return [self._context(field_id, row, projects, options=options) for row in rows]

    def _context(self, field_id: str, row: Mapping[str, Any], projects: Sequence[Any], *, options: bool) -> Context:
        path = f"field/{field_id}/context/{row['id']}/option"
        known = self._office.pages(path, f"read the options of {field_id}", shapes.OPTIONS) if options else []
        mine = (one["projectId"] for one in projects if one["contextId"] == row["id"] and one["projectId"])
        return Context(
            id=row["id"],
            everywhere=row["isGlobalContext"],
            projects=frozenset(mine),
            options=tuple(one["value"] for one in known if not one["disabled"]),
            disabled=frozenset(one["value"] for one in known if one["disabled"]),
            every_type=row["isAnyIssueType"],
        )

    def screen_mapping(self, project: Project) -> ScreenMapping:
        """Return which screen scheme each issue type of a project uses."""
        doing, pages = f"read the screen schemes of {project.key}", self._office.pages
        used = pages("issuetypescreenscheme/project", doing, shapes.SCREEN_MAPPINGS_USED, projectId=project.id)
        found = used[0]["issueTypeScreenScheme"]
        rows = pages(
            "issuetypescreenscheme/mapping", doing, shapes.SCREEN_MAPPINGS, issueTypeScreenSchemeId=found["id"]
        )
        schemes = {row["issueTypeId"]: row["screenSchemeId"] for row in rows}
        return ScreenMapping(id=found["id"], name=found["name"], schemes=schemes)

    def screen_schemes(self) -> Sequence[ScreenScheme]:
        """Return all screen schemes of the site."""
        rows = self._office.pages("screenscheme", "list its screen schemes", shapes.SCREEN_SCHEMES)
        return [ScreenScheme(row["id"], row["name"], frozenset(map(str, row["screens"].values()))) for row in rows]

    def filters(self, named: str) -> Sequence[Any]:
        """Return the saved filters that our account sees and whose name holds this text."""
        wanted = {"filterName": named, "expand": "owner,sharePermissions"}
        return self._office.pages("filter/search", "list its saved filters", shapes.FILTERS, **wanted)

    def create_filter(self, spec: FilterSpec, project: Project) -> str:
        """Create a saved filter that everybody who may see the project may see; its id."""
        share = [{"type": "project", "project": {"id": project.id}}]
        body = {"name": spec.name, "description": spec.says, "jql": spec.jql, "sharePermissions": share}
        return self._office.make("filter", f'save the filter "{spec.name}"', body)
