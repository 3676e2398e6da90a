"""Which transition leads to a status category, or on the way that the settings name, and what its screen demands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from cmmc_jira.core.mapping import STRAIGHT, Way
from cmmc_jira.errors import JiraRefused

_WORDS: Final = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
_RESOLUTION: Final = "resolution"
_USUAL: Final = "Done"

Offer = Mapping[str, Any]


def choose(offered: Sequence[Offer], category: str, *, issue_id: str, way: Way = STRAIGHT) -> tuple[Offer, Way]:
    """Return the transition to take and the way that is left after it, without a route once the status is reached.

    Without a route it is the first one that leads to a status of this category and demands nothing that we do not
    have; on a route it is the one that gets furthest along it.

    Raises:
        JiraRefused: there is none; the sentence says what the workflow, its screen or the settings would have to say.

    """
    leading, left = _on_route(offered, category, issue_id, way) if way.route else (_straight(offered, category), ())
    if not leading:
        raise JiraRefused(
            f'Issue {issue_id}: no transition leads to a status of the category "{_WORDS.get(category, category)}" '
            "from where it is, or the service account may not use it: add one to the workflow."
        )
    for each in leading:
        if not _demanded(each, way):
            return each, replace(way, route=left)
    names = "; ".join(f'"{each["name"]}" demands {", ".join(_demanded(each, way))}' for each in leading)
    raise JiraRefused(
        f"Issue {issue_id} cannot be moved on: {names}. Make the field optional, give it a default value, or give a "
        "value in the file of CMMC_JIRA_MAPPING (workflow, fields)."
    )


def filled(transition: Offer, way: Way) -> dict[str, Any]:
    """Return what to send along: the way's values that its screen shows, and a resolution where done has one."""
    shown: Mapping[str, Any] = transition["fields"]
    sent = {id_: value for id_, value in way.values.items() if id_ in shown}
    sent |= {id_: way.needed[id_] for id_, field in shown.items() if id_ in way.needed and _asked(field)}
    field = shown.get(_RESOLUTION)
    if transition["to"]["statusCategory"]["key"] != "done" or not isinstance(field, Mapping):
        sent.pop(_RESOLUTION, None)
    elif _RESOLUTION not in sent:
        allowed = [str(each["name"]) for each in field.get("allowedValues") or () if each.get("name")]
        sent |= {_RESOLUTION: {"name": _USUAL if _USUAL in allowed else allowed[0]}} if allowed else {}
    return {"fields": sent} if sent else {}


def _straight(offered: Sequence[Offer], category: str) -> Sequence[Offer]:
    return [each for each in offered if each["to"]["statusCategory"]["key"] == category]


def _on_route(
    offered: Sequence[Offer], category: str, issue_id: str, way: Way
) -> tuple[Sequence[Offer], tuple[str, ...]]:
    """Return the transitions that get furthest along a route, and what of it is left then."""
    for at in range(len(way.route), 0, -1):
        name, left = way.route[at - 1].casefold(), way.route[at:]
        found = [each for each in offered if name in {each["name"].casefold(), each["to"]["name"].casefold()}]
        if found and not left and not _straight(found, category):
            status = found[0]["to"]["name"]
            raise JiraRefused(
                f'Issue {issue_id}: the mapping ends at "{way.route[-1]}" for {category}, and the status "{status}" is '
                f'not of the category "{_WORDS.get(category, category)}": name one that is.'
            )
        if found:
            return found, left
    choices = ", ".join(f'"{each["name"]}" (to "{each["to"]["name"]}")' for each in offered) or "no transition"
    wanted = ", ".join(f'"{name}"' for name in way.route)
    raise JiraRefused(
        f"Issue {issue_id}: the mapping leads over {wanted} to the category "
        f'"{_WORDS.get(category, category)}", and Jira offers {choices} from where it is: '
        "name the statuses on the way in workflow, or add a transition."
    )


def _asked(field: Mapping[str, Any]) -> bool:
    return bool(field.get("required")) and not field.get("hasDefaultValue")


def _demanded(transition: Offer, way: Way) -> Sequence[str]:
    """Return the names of the fields that its screen requires, without a default and without our knowing a value."""
    known = {*way.values, *way.needed}
    return [
        str(field.get("name") or id_)
        for id_, field in transition["fields"].items()
        if _asked(field) and id_ not in known and not (id_ == _RESOLUTION and field.get("allowedValues"))
    ]
