"""A new issue as this project wants it: our values, and what the mapping adds to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cmmc_jira.core.changes import Create
from cmmc_jira.core.fields import DESCRIPTION, Fields
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, PROPERTY
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import ProjectMapping, Tie
from cmmc_jira.core.text import TEXT_LIMIT, cut, resolve
from cmmc_jira.core.world import World
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import Jira, NewIssue


def with_people(fields: Fields, project: str, jira: Jira) -> Fields:
    """Return the fields with each person whom the mapping gives as a value looked up.

    Raises:
        JiraRefused: nobody who can be assigned in the project is called so.

    """

    def user(name: str) -> Mapping[str, str]:
        found = jira.user(name, project)
        if found is None:
            raise JiraRefused(
                f"{fields.mapping.where}: {name} is nobody who can be assigned in {project}: name somebody who can."
            )
        return {fields.user_key: str(found[fields.user_key])}

    return replace(fields, extras=fields.extras.settled(user))


def new_issue(change: Create, world: World, keys: Mapping[str, str], *, fields: Fields) -> NewIssue:
    """Return the issue to create; `keys` are those of the issues that are there, by subject.

    What we write ourselves wins over a default.
    """
    mapping = fields.mapping
    values = dict(change.fields)
    values[DESCRIPTION] = cut(resolve(values[DESCRIPTION], keys), TEXT_LIMIT)
    given: dict[str, Any] = {
        **demanded(change.kind, change.subject, mapping),
        **fields.extras.creates.get(change.kind.key, {}),
        **fields.write(values),
        "project": {"key": world.assessment.project},
        "issuetype": {"name": mapping.type_name(change.kind.key)},
        "labels": list(change.labels),
    }
    if fields.parent_id:
        key = keys[ASSESSMENT_SUBJECT]
        given[fields.parent_id] = {"key": key} if fields.parent_id == "parent" else key
    return NewIssue(fields=given, properties={PROPERTY: change.memory}, update=_links(change, keys, mapping))


def demanded(kind: Kind, subject: str, mapping: ProjectMapping) -> Mapping[str, Any]:
    """Return the security level and the component that a new issue of this project gets."""
    level = mapping.security.get(kind.key)
    component = mapping.component_of(subject) if kind is Kind.REMEDIATION else None
    return {
        **({"security": {"name": level}} if level else {}),
        **({"components": [{"name": component}]} if component else {}),
    }


def _links(change: Create, keys: Mapping[str, str], mapping: ProjectMapping) -> Mapping[str, Sequence[Any]]:
    if mapping.tie is not Tie.LINK:
        return {}
    targets = [keys[subject] for subject in change.links if subject in keys]
    if change.kind is Kind.STATUS:
        targets += sorted(key for subject, key in keys.items() if subject not in change.links)
    type_ = {"name": mapping.link_type}
    return {"issuelinks": [{"add": {"type": type_, "outwardIssue": {"key": target}}} for target in targets]}
