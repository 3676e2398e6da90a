"""A sandbox with many assessments, in a process of its own: `python -m bench.many 1000` prints how to reach it.

One assessment is opened, looked at and brought to rest by the product; the others are copies of it, put directly into
the sandbox's state under ids and keys of their own. What the sandbox otherwise finds by going through everything, the
issues of a label and the links of an issue, is found here as by Jira's index and database.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch
from zoneinfo import ZoneInfo

import click

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.core.desired import desired
from cmmc_jira.core.identity import PROPERTY, STATUS_SUBJECT, digest
from cmmc_jira.core.issues import Actual
from cmmc_jira.core.world import World
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.story import LEAD, OFFICIAL, Story
from cmmc_jira.service import provision
from cmmc_jira.service.reconcile import Decided, Reconciler
from cmmc_jira.settings import DEFAULT_ZONE, Notes, Settings
from cmmc_jira.wiring import build_admin, build_exchange, build_reconciler
from cmmc_rules.law import load_law
from cmmc_rules.words import Level
from jira_sandbox import search
from jira_sandbox.records import Issue, Link, User
from jira_sandbox.server import Running, serve
from jira_sandbox.state import State

ITEMS: Final = 22
_BARRED_AMONG: Final = ("AC", "CA", "PE")  # families with requirements that may never wait
_ASKED: Final = re.compile(r'labels = "(cmmc-\d+)" ORDER')
_through_all = search.first
_KEY: Final = re.compile(r"\bCMMC-\d+\b")
_LABEL: Final = re.compile(r"\bcmmc-(\d+)\b")


class Filled(State):
    """A site whose links and labels are found without going through all of them, once it is full."""

    ends: Mapping[str, list[Link]] | None = None
    labelled: Mapping[str, dict[str, Issue]] | None = None

    def index(self) -> None:
        """Take up all that is there."""
        ends: defaultdict[str, list[Link]] = defaultdict(list)
        for link in self.links.values():
            ends[link.source].append(link)
            ends[link.destination].append(link)
        labelled: defaultdict[str, dict[str, Issue]] = defaultdict(dict)
        for issue in self.issues.values():
            for label in issue.values.get("labels") or ():
                labelled[label][issue.id] = issue
        self.ends, self.labelled = ends, labelled

    def links_of(self, issue_id: str) -> list[Link]:
        """The issue's links in both directions, oldest first."""
        return super().links_of(issue_id) if self.ends is None else self.ends.get(issue_id, [])

    def subtasks_of(self, issue_id: str) -> list[Issue]:
        """The issues whose parent this is: none here."""
        return super().subtasks_of(issue_id) if self.ends is None else []


def _by_label(state: State, user: User | None, text: str, limit: int, fresh: Iterable[str] = ()) -> search.Found:
    """The first page of a search, which goes only through the issues with the label that is asked for, if one is."""
    asked = _ASKED.search(text)
    if asked and isinstance(state, Filled) and state.labelled is not None:
        few = copy(state)
        few.issues, few.looks = state.labelled.get(asked[1], {}), []
        return _through_all(few, user, text, limit, fresh)
    return _through_all(state, user, text, limit, fresh)


def settings_for(way: Sequence[str], database: str = "") -> Settings:
    """Return the settings of a service on a sandbox: its address, its project, and an account's name and token."""
    (url, project, user, token), zone = way, ZoneInfo(DEFAULT_ZONE)
    return Settings(url, project, user, token, database_url=database, zone=zone, notes=Notes.FULL)


@contextmanager
def sandbox_with(assessments: int) -> Iterator[list[str]]:
    """Run a sandbox with so many assessments: its address, its project, and an account's name and token."""
    command = [sys.executable, "-m", "bench.many", str(assessments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            if process.stdout is None:
                raise OSError("no pipe")
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def main() -> None:
    """Serve so many assessments until standard input ends."""
    state = Filled()
    with serve(state=state) as sandbox, patch.object(search, "first", _by_label):
        reconciler, decided = _first(sandbox)
        with state.lock:
            _copied(state, int(sys.argv[1]) - 1, decided, reconciler)
            state.index()
        click.echo(json.dumps([sandbox.url, sandbox.project, sandbox.user, sandbox.token]))
        sys.stdout.flush()
        sys.stdin.read()


def _first(sandbox: Running) -> tuple[Reconciler, Decided]:
    """Open an assessment with a closeout clock that began five days ago, and bring it to rest."""
    settings = settings_for((sandbox.url, sandbox.project, sandbox.user, sandbox.token))
    admin = build_admin(settings)
    present, steps = provision.plan(admin, settings.project, None)
    provision.provision(admin, present, steps)
    rows = [row for row in load_law().requirements(Level.TWO) if row.points == 1 and row.family not in _BARRED_AMONG]
    content = "id,status\n" + "".join(f"{row.id},NOT MET\n" for row in rows[:ITEMS])
    entered = {
        "CMMC Level": "2",
        "Assessment Path": "C3PAO",
        "Unlisted Requirements": "MET",
        "Compliance Lead": LEAD,
        "Affirming Official": OFFICIAL,
    }
    posted = SystemClock(settings.zone).today() - timedelta(days=5)
    story = Story("One of many", "findings.csv", content.encode(), entered, posted)
    person = Person(JiraClient(build_exchange(settings)), settings.project)
    id_, _ = person.open(story)
    person.attach(id_, story)
    person.post(id_, story)
    reconciler = build_reconciler(settings)
    while reconciler.reconcile(id_, fence=lambda: None)[0].plan.changes:
        pass
    return reconciler, reconciler.decide(id_)


def _copied(state: State, count: int, decided: Decided, reconciler: Reconciler) -> None:
    """Put so many copies of all issues into the state, each as if the product had written it."""
    issues, links = list(state.issues.values()), list(state.links.values())
    (project,) = state.projects.values()
    status = decided.world.issues[STATUS_SUBJECT].id
    for _ in range(count):
        ids = {issue.id: state.next_id("issue") for issue in issues}
        keys = {issue.key: state.next_key(project) for issue in issues}
        for issue in issues:
            _copy(state, issue, ids, keys)
        told = state.issues[ids[status]].properties
        told[PROPERTY]["sent"] = _sent(decided.world, reconciler, ids, keys)
        for link in links:
            moved = replace(link, id=state.next_id("link"), source=ids[link.source], destination=ids[link.destination])
            state.links[moved.id] = moved


def _sent(world: World, reconciler: Reconciler, ids: Mapping[str, str], keys: Mapping[str, str]) -> str:
    """Return the digest of what the status issue of a copy says: it names issues by their keys."""

    def renamed(issue: Actual) -> Actual:
        return replace(issue, id=ids[issue.id], key=keys[issue.key])

    issues = {subject: renamed(issue) for subject, issue in world.issues.items()}
    copied = replace(world, assessment=renamed(world.assessment), issues=issues)
    status = desired(copied, reconciler.law, reconciler.policy).issues[STATUS_SUBJECT]
    return digest(status.stable or status.description)


def _copy(state: State, issue: Issue, ids: Mapping[str, str], keys: Mapping[str, str]) -> None:
    files = {file.id: state.next_id("attachment") for file in issue.attachments}
    moved = replace(
        issue,
        id=ids[issue.id],
        key=keys[issue.key],
        values=_renamed(issue.values, ids, keys),
        properties=_remembered(issue.properties, {**ids, **files}),
        attachments=tuple(replace(file, id=files[file.id]) for file in issue.attachments),
        history=(),
    )
    state.issues[moved.id] = moved
    state.keys[moved.key] = moved.id
    state.blobs |= {new: state.blobs[old] for old, new in files.items()}


def _renamed(value: Any, ids: Mapping[str, str], keys: Mapping[str, str]) -> Any:  # noqa: ANN401  whatever a field holds
    """Return a value whose texts and labels name the copy."""
    if isinstance(value, str):
        text = _KEY.sub(lambda match: keys.get(match[0], match[0]), value)
        return _LABEL.sub(lambda match: f"cmmc-{ids.get(match[1], match[1])}", text)
    if isinstance(value, Mapping):
        return {name: _renamed(inner, ids, keys) for name, inner in value.items()}
    return type(value)(_renamed(inner, ids, keys) for inner in value) if isinstance(value, list | tuple) else value


def _remembered(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401  whatever a property holds
    """Return a value of our property with the copies' ids."""
    if isinstance(value, Mapping):
        return {name: _remembered(inner, ids) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_remembered(inner, ids) for inner in value)
    return ids.get(value, value) if isinstance(value, str) else value


if __name__ == "__main__":
    main()
