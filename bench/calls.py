"""How many calls to Jira it takes: from nothing to 110 issues, for a look at rest, and after one edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.story import LEAD, OFFICIAL, Story
from cmmc_jira.service import provision
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.settings import Notes, Settings
from cmmc_jira.wiring import build_admin, build_exchange, build_reconciler
from cmmc_rules.law import load_law
from cmmc_rules.words import Level
from jira_sandbox.server import serve


@dataclass(frozen=True, slots=True)
class Calls:
    """Requests by method for each of the three; `alone` is computed: five calls for each issue made by itself."""

    first: Mapping[str, int]
    second: Mapping[str, int]
    edit: Mapping[str, int]
    alone: int


def measure() -> Calls:
    """Return the calls of one reconcile each, with 110 NOT MET findings."""
    with serve() as sandbox:
        settings = Settings(
            sandbox.url, sandbox.project, sandbox.user, sandbox.token, zone=ZoneInfo(str(UTC)), notes=Notes.FULL
        )
        admin = build_admin(settings)
        present, steps = provision.plan(admin, settings.project, None)
        provision.provision(admin, present, steps)
        key = _opened(settings)
        jira = JiraClient(build_exchange(settings))
        reconciler = build_reconciler(settings, jira=jira)
        first, second = _counted(jira, reconciler, key), _counted(jira, reconciler, key)
        one = next(row for row in reconciler.decide(key).world.issues.values() if row.subject == "AC.L2-3.1.3")
        jira.edit(one.id, fields=reconciler.looker.fields().write({"CMMC Points": "9"}))  # a fact: it is restored
        return Calls(first, second, _counted(jira, reconciler, key), alone=5 * 110)


def _opened(settings: Settings) -> str:
    requirements = load_law().requirements(Level.TWO)
    content = "id,status,note\n" + "".join(f"{row.id},NOT MET,Nothing is done.\n" for row in requirements)
    entered = {"CMMC Level": "2", "Assessment Path": "Self", "Compliance Lead": LEAD, "Affirming Official": OFFICIAL}
    story = Story("110 findings", "all.csv", content.encode(), entered)
    person = Person(JiraClient(build_exchange(settings)), settings.project)
    issue_id, key = person.open(story)
    person.attach(issue_id, story)
    return key


def _counted(jira: JiraClient, reconciler: Reconciler, key: str) -> Mapping[str, int]:
    before = jira.calls()
    reconciler.reconcile(key, fence=lambda: None)
    return {method: count - before.get(method, 0) for method, count in sorted(jira.calls().items())}
