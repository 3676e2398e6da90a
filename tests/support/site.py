"""A provisioned sandbox in this process, and what people and the product do with it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Any

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.fields import Fields, map_fields
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service import provision
from cmmc_jira.service.look import YOUNG, Looker
from cmmc_jira.service.ports import NewIssue
from cmmc_jira.service.reconcile import Decided, Reconciler
from cmmc_rules.law import load_law
from jira_sandbox import State, create_app
from jira_sandbox.catalogue import CLOUD_ONLY
from support.clock import FrozenClock
from support.mounted import mounted
from support.policies import NOBODY, silent
from support.wsgi import Application, session_for

LAW = load_law()
URL = "http://jira.test"
UNDER_TEST = ["cloud"]
"""The flavour of a site that names none: the last one; the fixture `flavour` puts each there in turn."""

_PROVISIONED = ("fields", "contexts", "issue_types", "screens", "screen_schemes", "type_screen_schemes", "type_schemes",
                "projects", "link_types", "roles", "filters", "_ids")  # fmt: skip


def _exchange(state: State, app: Application, account_id: str | None = None, *, url: str = URL) -> Exchange:
    user = state.users[account_id] if account_id else state.service_user()
    access = Access(url, user.token, user=None if state.datacenter else user.email)
    return Exchange(access, retry=Retry(sleep=lambda _: None, budget=0), session=lambda: session_for(app))


@cache
def _once_provisioned() -> State:
    """Return a Cloud site whose project the product itself has made ready."""
    state = State()
    admin = JiraAdmin(_exchange(state, create_app(state)))
    present, steps = provision.plan(admin, "CMMC", None)
    provision.provision(admin, present, steps)
    return state


def _provisioned(flavour: str) -> State:
    """Return a new site whose project is ready; on Data Center an administrator did by hand what Cloud lets us do."""
    made, state = _once_provisioned(), State(flavour=flavour)
    for name in _PROVISIONED:
        setattr(state, name, deepcopy(getattr(made, name)))
    if state.datacenter:
        state.filters = {}
        state.fields = {id_: field for id_, field in state.fields.items() if id_ not in CLOUD_ONLY}
    return state


class Site:
    """One Jira project that is ready, an assessment issue in it, and the loop that keeps it right."""

    def __init__(
        self,
        *,
        flavour: str | None = None,
        owners: Owners = NOBODY,
        notes: str = "full",
        policy: Policy | None = None,
        url: str = URL,
    ) -> None:
        flavour = flavour or UNDER_TEST[-1]
        self.state = _provisioned(flavour)
        self.app: Application = create_app(self.state)
        self.clock = FrozenClock()
        self.policy = policy or silent(owners)
        self.notes = notes
        self.url = url
        if url != URL:
            self.app = mounted(self.app, url)
        self.person = self.client()
        self.fields: Fields = map_fields(self.person.fields(), flavour=flavour)

    def _exchange(self, account_id: str | None = None) -> Exchange:
        return _exchange(self.state, self.app, account_id, url=self.url)

    def user_id(self, account_id: str) -> str:
        """Return what this flavour calls somebody by."""
        return self.state.users[account_id].name if self.state.datacenter else account_id

    def admin(self) -> JiraAdmin:
        """Return what makes projects ready, with the product's own account."""
        return JiraAdmin(self._exchange())

    def client(self, account_id: str | None = None) -> JiraClient:
        """Return what somebody acts through: the product's own account, or another one."""
        return JiraClient(self._exchange(account_id))

    def process(self) -> Reconciler:
        """Return a new process: nothing is remembered from another one."""
        looker = Looker(self.client(), self.clock, LAW, self.policy, self.notes)
        return Reconciler(looker, LAW, self.policy)

    def look(self, key: str = "CMMC-1") -> tuple[Decided, tuple[str, ...]]:
        """Let a new process bring one assessment to what it should be."""
        return self.process().reconcile(key, fence=lambda: None)

    def moment(self) -> Callable[[], None]:
        """Return what brings everything back to this moment, as often as it is called."""
        same = {id(self.state): self.state, id(self.state.lock): self.state.lock}
        kept, instant = deepcopy(vars(self.state), dict(same)), self.clock.instant

        def back() -> None:
            vars(self.state).update(deepcopy(kept, dict(same)))
            self.clock.instant = instant

        return back

    def later(self) -> None:
        """Let the time come after which no change bears the time of one that was read."""
        self.state.clock.frozen = self.state.clock.now() + YOUNG
        self.clock.instant = self.state.clock.now() + YOUNG

    def until_quiet(self) -> None:
        """Look again as a service would: after each failure a new process, and a minute passes."""
        for _ in range(12):
            try:
                if not self.look()[0].plan.changes:
                    return
            except (JiraUnavailable, JiraRefused):
                self.clock.move(seconds=60)
        raise AssertionError("not quiet after twelve looks")

    def issue(self, type_name: str, **values: str) -> str:
        """Create an issue as a person would; its id."""
        fields = {
            **self.fields.write({name.replace("_", " "): value for name, value in values.items()}),
            "project": {"key": "CMMC"},
            "issuetype": {"name": type_name},
        }
        [made] = self.person.create([NewIssue(fields, {})])
        assert made.id, made.refused
        return made.id

    def assessment(self, **values: str) -> str:
        """Create an assessment issue of a Level 2 self-assessment in which silence means MET."""
        entered = {"CMMC_Level": "2", "Assessment_Path": "Self", "Unlisted_Requirements": "MET", **values}
        return self.issue("CMMC Assessment", Summary="Enclave", **entered)

    def attach(self, issue_id: str, *requirements: str, name: str = "findings.csv") -> None:
        """Attach a findings file that says NOT MET of these requirements."""
        rows = [f'{requirement},NOT MET,"No {{color:red}}evidence{{color}} for it"' for requirement in requirements]
        text = "\n".join(["Requirement,Status,Note", *rows, "AC.L2-3.1.2,MET,"])
        self.person.attach(issue_id, name, text.encode(), "text/csv")

    def enter(self, issue_id: str, **values: str | None) -> None:
        """Edit fields as a person would."""
        self.person.edit(
            issue_id, fields=self.fields.write({name.replace("_", " "): value for name, value in values.items()})
        )

    def delete(self, issue_id: str) -> None:
        """Delete an issue as a person would."""
        where = f"{self.url}/rest/api/2/issue/{issue_id}"
        headers = {"Authorization": f"Bearer {self.state.service_user().token}"}
        assert session_for(self.app).delete(where, headers=headers).status_code == HTTPStatus.NO_CONTENT

    def read(self, id_or_key: str) -> Mapping[str, Any]:
        """Return an issue's JSON."""
        return self.person.issue(id_or_key, [*self.fields.all_ids(), "comment"])

    def values(self, id_or_key: str) -> Mapping[str, str]:
        """Return an issue's values by our names."""
        return self.fields.read(self.read(id_or_key)["fields"])

    def take_off_screens(self, field_id: str) -> None:
        """Take a field off every screen, as an administrator might."""
        for id_, screen in self.state.screens.items():
            tabs = (replace(tab, fields=tuple(f for f in tab.fields if f != field_id)) for tab in screen.tabs)
            self.state.screens[id_] = replace(screen, tabs=tuple(tabs))

    def take_right(self, *rights: str) -> None:
        """Take permissions from every role, as an administrator might."""
        for id_, role in self.state.roles.items():
            self.state.roles[id_] = replace(role, permissions=role.permissions - set(rights))

    def frozen(self, id_or_key: str) -> object:
        """Return the digest of the findings that are frozen on an assessment issue, if any are."""
        return (self.read(id_or_key)["properties"].get("cmmc-jira-findings") or {}).get("digest")

    def of_type(self, type_name: str) -> Mapping[str, Mapping[str, Any]]:
        """Return every issue of a type by its subject; two of one subject are an error."""
        found: dict[str, Mapping[str, Any]] = {}
        for issue in self.state.issues.values():
            raw = self.read(issue.key)
            if raw["fields"]["issuetype"]["name"] == type_name:
                subject = raw["properties"].get("cmmc-jira", {}).get("subject", raw["key"])
                assert subject not in found, f"two issues for {subject}"
                found[subject] = raw
        return found

    def remediation(self) -> Mapping[str, Mapping[str, Any]]:
        """Return every remediation issue by requirement."""
        return self.of_type("CMMC Remediation")

    def status_text(self) -> str:
        """Return the description of the one status issue."""
        [issue] = self.of_type("CMMC Status").values()
        return str(issue["fields"]["description"])

    def faults(self, **wanted: Any) -> None:  # noqa: ANN401  whatever the sandbox takes
        """Add faults, or clear them when none is named."""
        session_for(self.app).post(f"{self.url}/sandbox/faults", json=wanted)

    def since(self, seen: int) -> Counter[str]:
        """Return how many requests of each method came after the first `seen`."""
        return Counter(row["method"] for row in list(self.state.requests)[seen:])

    def paths(self, seen: int) -> Sequence[tuple[str, str]]:
        """Return method and path of each request after the first `seen`."""
        return [(row["method"], row["path"]) for row in list(self.state.requests)[seen:]]


def points(calls: int, when: str, flavour: str) -> Sequence[int]:
    """Return at which of a run's calls to fail: each before and after its effect; on Data Center one way or the other.

    There the runs are longer, and every process begins by reading issues one by one.
    """
    every = range(1, calls + 1)
    return every if flavour == "cloud" else [call for call in every if (call // 2 % 2 == 0) == (when == "before")]
