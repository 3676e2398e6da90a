"""A site, the processes of the service, and everything that may happen to them."""

import contextlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests

from cmmc_jira.errors import StoreUnavailable
from jira_sandbox.faults import Faults
from jira_sandbox.records import Webhook
from simulation.node import SECRET, Node
from simulation.people import POOL, People
from support.policies import shipped
from support.site import Site
from support.wsgi import WSGIAdapter

NODES: Final = 2
ROUNDS_AT_MOST: Final = 4
HEARS: Final = 0.8
LOOKS_AT_MOST: Final = 120
WRITES: Final = ("PUT", "DELETE")
PLACES: Final = ("", "/issue/bulk", "/issue", "/comment", "/comment")
READING_POSTS: Final = ("/search/jql", "/issue/bulkfetch")
EVENTS: Final = (
    "jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "attachment_created", "attachment_deleted",
    "issuelink_created", "issuelink_deleted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; all that is left to chance in it follows from `seed`."""

    kind: str
    seed: int

    def __str__(self) -> str:
        return f"{self.kind}/{self.seed}"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where histories begin: `back` brings the site to that moment, at which people had given these `files`."""

    back: Callable[[], None]
    files: tuple[frozenset[str], ...]
    dated: bool


@lru_cache(maxsize=1)
def _beginnings() -> tuple[Site, str, Sequence[Beginning]]:
    """Return a ready site, its assessment, and three moments: an empty one, one with issues, one with a status."""
    site = Site(policy=shipped())
    state = site.state
    state.clock.frozen = site.clock.instant
    named = {user.email.partition("@")[0]: user.account_id for user in state.users.values()}
    assessment = site.assessment(Compliance_Lead=named["dana.whitfield"], Affirming_Official=named["ingrid.solberg"])
    hook = Webhook(
        "1", "CMMC", "http://127.0.0.1/webhooks/jira", EVENTS, 'project = "CMMC"', exclude_body=False, enabled=True,
        secret=SECRET, updated=site.clock.instant, updated_by=state.service,
    )  # fmt: skip
    state.webhooks.hooks[hook.id] = hook
    found = [Beginning(site.moment(), (), dated=False)]
    first = frozenset(POOL[:4])
    site.attach(assessment, *sorted(first), name="findings-0.csv")
    site.look()
    state.webhooks.queue.clear()
    found.append(Beginning(site.moment(), (first,), dated=False))
    site.enter(assessment, CMMC_Status_Date=(site.clock.today() - timedelta(days=100)).isoformat())
    site.look()
    site.look()
    state.webhooks.queue.clear()
    found.append(Beginning(site.moment(), (first,), dated=True))
    return site, assessment, tuple(found)


class World:
    """One history under way, from a site with an empty assessment on."""

    def __init__(self, folder: Path) -> None:
        self.site, self.assessment, self._beginnings = _beginnings()
        self.state = self.site.state
        self._begin(self._beginnings[0])
        self.file = folder / "list.db"
        self.frozen = False
        self.honest = False
        self._slow = self._delay = 0
        self._about = ""
        self._fate = ("", "")
        self._late: list[tuple[datetime, requests.PreparedRequest]] = []
        self._born = 0
        self._delete_database()
        self.nodes = [self._node() for _ in range(NODES)]

    def _begin(self, beginning: Beginning) -> None:
        beginning.back()
        self.people = People(self.site, self.assessment)
        self.people.did.files += beginning.files
        self.people.did.dated_at = len(beginning.files) if beginning.dated else None

    def _with_issues(self, _: random.Random) -> None:
        """Begin where a findings file has become issues."""
        self._begin(self._beginnings[1])

    def _with_status(self, _: random.Random) -> None:
        """Begin where the closeout clock runs."""
        self._begin(self._beginnings[2])

    def _node(self) -> Node:
        self._born += 1
        name = f"process-{self._born}"
        site = self.site
        return Node(
            name, state=site.state, app=site.app, clock=site.clock, policy=site.policy, file=self.file,
            post=self,
        )  # fmt: skip

    def take(self, step: Step) -> None:
        """Let one thing happen."""
        chance = random.Random(step.seed)  # noqa: S311 - a history must be repeatable, not unguessable
        getattr(self, f"_{step.kind}")(chance)
        for place, node in enumerate(self.nodes):
            if node.dead:
                self._replace(place)
        self._align()

    def _align(self) -> None:
        """Keep the sandbox's clock with everybody else's, and let take effect what was put off until now."""
        now = self.state.clock.frozen = self.site.clock.instant
        due = [request for when, request in self._late if when <= now]
        self._late = [row for row in self._late if row[0] > now]
        for request in due:
            with contextlib.suppress(requests.ConnectionError):  # a fault of that moment befalls it too
                WSGIAdapter(self.site.app).send(request)

    def _be_honest(self, _: random.Random) -> None:
        """From now on Jira tells of everything that happens, so that nothing may wait for the schedule."""
        self.honest = self.people.told = True
        self.nodes[0].tick.fire()

    def _edit(self, chance: random.Random) -> None:
        """Let a person edit. What is set while a look is under way may be overwritten: Jira has no compare-and-set."""
        faults, self.state.faults = self.state.faults, Faults()
        try:
            self.people.act(chance, watched=not any(node.busy() for node in self.nodes))
        finally:
            self.state.faults = faults

    def _work(self, chance: random.Random) -> None:
        """Let a worker go on; one that has nothing under way mostly hears first of what happened."""
        node = chance.choice(self.nodes)
        if not node.busy() and chance.random() < HEARS:
            self._deliver(chance)
            self.site.clock.move(seconds=3)
        with contextlib.suppress(StoreUnavailable):
            node.work(chance.randrange(100), chance.choice((1, 3, 5, 8, 13, 21, 99)))

    def _deliver(self, chance: random.Random) -> None:
        node = chance.choice(self.nodes)
        self.state.webhooks.pump(lambda _url, headers, body: node.receive(headers, body))

    def _tick(self, chance: random.Random) -> None:
        with contextlib.suppress(StoreUnavailable):
            chance.choice(self.nodes).tick.fire()

    def _beat(self, chance: random.Random) -> None:
        chance.choice(self.nodes).beat()

    def _wait(self, chance: random.Random) -> None:
        self.site.clock.move(seconds=chance.choice((1, 3, 20, 35, 130, 900, 3600)))

    def _days(self, chance: random.Random) -> None:
        self.site.clock.move(days=chance.choice((1, 1, 2, 7, 30)))

    def _fault(self, chance: random.Random) -> None:
        wanted: Mapping[str, object] = chance.choice(
            (
                {"call": chance.randint(1, 9), "when": "before", "status": chance.choice((500, 502, 503, "cut"))},
                {"call": chance.randint(1, 9), "when": "after", "status": chance.choice((500, 504, "cut"))},
                {"rate_limit": {"every": chance.randint(2, 9), "retry_after": chance.choice((1, 5, 40))}},
                {"index_lag": chance.randint(1, 5)},
                {"webhooks": {"lose": 0.3, "repeat": 0.3, "reorder": True, "seed": chance.randrange(99)}},
            )
        )
        self.state.faults.add(wanted)

    def _heal(self, _: random.Random) -> None:
        self.state.faults = Faults()

    def _slow_down(self, chance: random.Random) -> None:
        self._slow = chance.randint(1, 4)

    def _put_off(self, chance: random.Random) -> None:
        """Let the next write take effect only after its sender has given up waiting."""
        self._delay = chance.choice((5, 20, 60))
        self._about = chance.choice(PLACES)

    def slow(self) -> None:
        """Take longer than a lease lasts over one answer, where that was asked for."""
        if self._slow:
            self._slow -= 1
            self.site.clock.move(seconds=45)
            self._align()

    def froze(self) -> None:
        """Note that a write came so late that its lease may have ended."""
        self.frozen = True

    def late(self, request: requests.PreparedRequest) -> bool:
        """Keep a write for later, where that was asked for."""
        path = urlsplit(str(request.url)).path
        if not self._delay or path.endswith(READING_POSTS) or not path.endswith(self._about):
            return False
        self._late.append((self.site.clock.now() + timedelta(seconds=self._delay), request.copy()))
        self._delay = 0
        return True

    def _kill(self, chance: random.Random) -> None:
        self._replace(chance.randrange(NODES))

    def _doom(self, chance: random.Random) -> None:
        """Let whoever next writes such a thing die before or after it."""
        self._fate = chance.choice(("before", "after", "after")), chance.choice(PLACES)

    def fatal(self, request: requests.PreparedRequest) -> str:
        """Return whether the sender dies now."""
        when, about = self._fate
        path = urlsplit(str(request.url)).path
        if not when or request.method == "GET" or path.endswith(READING_POSTS) or not path.endswith(about):
            return ""
        self._fate = ("", "")
        return when

    def _replace(self, place: int) -> None:
        self.nodes[place].kill()
        self.nodes[place] = self._node()

    def _lose_database(self, _: random.Random) -> None:
        for node in self.nodes:
            node.database.close()
        self._delete_database()

    def _delete_database(self) -> None:
        for file in self.file.parent.glob(f"{self.file.name}*"):
            file.unlink()

    def heal(self) -> None:
        """Let everything that went wrong from outside be over."""
        self.state.faults = Faults()
        self._slow = self._delay = 0
        self._fate = ("", "")
        self.people.mend()

    def hear(self) -> None:
        """Let deliveries arrive and be worked on until nothing is dirty, without the schedule's help."""
        for _ in range(LOOKS_AT_MOST):
            self._exchange()
            now = self.site.clock.now()
            if not self.state.webhooks.queue and not self.nodes[0].store.backlog(now=now).dirty:
                return
        raise AssertionError("what is dirty stays dirty")

    def settle(self) -> int:
        """Go on, hour by hour, until nobody has anything to do; how many rounds that took."""
        for rounds in range(1, ROUNDS_AT_MOST + 1):
            seen = len(self.state.requests)
            self._round()
            if not self.written(seen):
                return rounds
        raise AssertionError(f"Jira is still written to after {ROUNDS_AT_MOST} rounds: {self.written(seen)[:5]}")

    def _round(self) -> None:
        """Let an hour pass with everything that comes in it."""
        self.site.clock.move(seconds=3600)
        self._align()
        self.nodes[0].tick.fire()
        resting = 0
        while resting < 2:
            resting = resting + 1 if self._exchange() and not self.state.webhooks.moving() else 0

    def _exchange(self) -> bool:
        """Let a minute pass in which deliveries arrive and what is due is done; whether nothing was."""
        self._deliver(random.Random(0))  # noqa: S311 - nothing is left to chance here
        self.site.clock.move(seconds=60)
        self._align()
        idle = [node.idle() for node in self.nodes]
        return all(idle)

    def written(self, seen: int) -> list[str]:
        """Return the writes among the requests after the first `seen`."""
        rows = list(self.state.requests)[seen:]
        return [
            f"{row['method']} {row['path']}"
            for row in rows
            if row["method"] in WRITES or (row["method"] == "POST" and not row["path"].endswith(READING_POSTS))
        ]

    def close(self) -> None:
        """End every process."""
        for node in self.nodes:
            node.kill()
