"""A new issue as this project wants it: our values, and what the mapping adds to them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cmmc_jira.core.changes import Create
from cmmc_jira.core.defaults import settled_all
from cmmc_jira.core.fields import DESCRIPTION, Fields
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, PROPERTY
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import ProjectMapping, Tie
from cmmc_jira.core.text import TEXT_LIMIT, cut, resolve
from cmmc_jira.core.world import World
from cmmc_jira.service.ports import NewIssue


def new_issue(
    change: Create,
    world: World,
    keys: Mapping[str, str],
    *,
    fields: Fields,
    user: Callable[[str], Mapping[str, str]],
) -> NewIssue:
    """Return the issue to create; `keys` are those of the issues that are there, by subject.

    `user` gives Jira's JSON for a person whom the mapping names. What we write ourselves wins over a default.
    """
    mapping = fields.mapping
    values = dict(change.fields)
    values[DESCRIPTION] = cut(resolve(values[DESCRIPTION], keys), TEXT_LIMIT)
    given: dict[str, Any] = {
        **_demanded(change, mapping),
        **settled_all(fields.extras.creates.get(change.kind.key, {}), user),
        **fields.write(values),
        "project": {"key": world.assessment.project},
        "issuetype": {"name": mapping.type_name(change.kind.key)},
        "labels": list(change.labels),
    }
    if fields.parent_id:
        key = keys[ASSESSMENT_SUBJECT]
        given[fields.parent_id] = {"key": key} if fields.parent_id == "parent" else key
    return NewIssue(fields=given, properties={PROPERTY: change.memory}, update=_links(change, keys, mapping))


def _demanded(change: Create, mapping: ProjectMapping) -> Mapping[str, Any]:
    """Return the security level and the component that a new issue of this project gets."""
    level = mapping.security.get(change.kind.key)
    component = mapping.component_of(change.subject) if change.kind is Kind.REMEDIATION else None
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
