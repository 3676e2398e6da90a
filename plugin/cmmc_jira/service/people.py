"""Whom the policy's names mean in Jira: found once and kept, or asked for again after a while."""

import logging
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from cmmc_jira.core.owners import Owners
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import Clock, Jira

KEPT: Final = timedelta(hours=1)
"""How long an answer that may change is kept: who has a role, who leads a component, that a person is unknown."""

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(slots=True)
class People:
    """Looks people up in Jira for one policy; `user_key` is what Jira calls a user's id. Shared between threads."""

    jira: Jira
    clock: Clock
    owners: Owners
    found: MutableMapping[tuple[str, str], str] = field(default_factory=dict)
    kept: MutableMapping[tuple[str, ...], tuple[datetime, Any]] = field(default_factory=dict)

    def named(self, project: str, user_key: str) -> Mapping[str, str]:
        """Return the user ids of the people whom the policy names, by name; who cannot be found is absent."""
        users = {name: self._user(name, project, user_key) for name in sorted(self.owners.people())}
        return {name: user for name, user in users.items() if user}

    def leads(self, project: str, user_key: str) -> Mapping[str, str]:
        """Return the user ids of the leads of the components that the policy names, by component."""
        wanted = self.owners.components()
        if not wanted:
            return {}
        rows = self._kept(("components", project), lambda: self.jira.components(project))
        leads = ((str(row.get("name")), row.get("lead") or {}) for row in rows)
        return {name: str(lead[user_key]) for name, lead in leads if name in wanted and lead.get(user_key)}

    def managers(self, project: str) -> tuple[str, ...]:
        """Return the user ids of those who have the project role that stands in for managers, if there is one.

        Where Jira does not let us read it nobody has it: notices then go to the next role up and say so.
        """
        role = self.owners.manager_role
        return self._kept(("role", project, role), lambda: self._members(project, role)) if role else ()

    def _members(self, project: str, role: str) -> tuple[str, ...]:
        try:
            return tuple(self.jira.role_members(project, role))
        except JiraRefused as refused:
            _log.warning("role=%r unread because=%r", role, str(refused))
            return ()

    def _user(self, name: str, project: str, user_key: str) -> str | None:
        if (project, name) not in self.found:
            user = self._kept(("user", project, name), lambda: self.jira.user(name, project))
            if user is None:
                return None
            self.found[project, name] = str(user[user_key])
        return self.found[project, name]

    def _kept(self, key: tuple[str, ...], ask: Callable[[], _T]) -> _T:
        now = self.clock.now()
        kept = self.kept.get(key)
        if kept is None or not timedelta() <= now - kept[0] < KEPT:
            kept = self.kept[key] = (now, ask())
        answer: _T = kept[1]
        return answer
