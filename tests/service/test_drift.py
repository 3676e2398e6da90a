"""What people and apps change behind our back is found by a look that the schedule asks for, put right, and told."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmmc_jira.core.changes import Create
from cmmc_jira.core.drift import drift
from cmmc_rules.words import Level
from crashes.held import differences, held
from crashes.process import Course, Process
from crashes.stories import align
from jira_sandbox import seed
from support.policies import shipped
from support.site import LAW, Site

pytestmark = pytest.mark.usefixtures("flavour")

FLOW, SESSIONS, EXTERNAL = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20"
PRIYA = seed.PEOPLE[1][0]
OURS, FROZEN = "cmmc-jira", "cmmc-jira-findings"


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def looked(*requirements: str, **entered: str) -> Site:
    """Return a site that has come to rest."""
    site = Site(policy=shipped())
    align(site)
    site.attach(site.assessment(CMMC_Status_Date="2026-05-29", **entered), *(requirements or (FLOW, SESSIONS)))
    site.look()
    assert site.look()[0].plan.changes == ()
    return site


def set_property(site: Site, id_: str, value: object, key: str = OURS) -> None:
    """Let an app write a property of an issue, or take it away."""
    issue = site.state.issues[id_]
    kept = {name: each for name, each in issue.properties.items() if name != key}
    site.state.issues[id_] = replace(issue, properties=kept if value is None else {**kept, key: value})


def ids(site: Site) -> dict[str, str]:
    return {subject: str(raw["id"]) for subject, raw in {**site.remediation(), **site.of_type("CMMC Status")}.items()}


def comments(site: Site, id_: str) -> list[str]:
    return [str(row["body"]) for row in site.person.comments(id_)]


def quiet(site: Site) -> bool:
    return site.look()[0].plan.changes == ()


class Service:
    """A service that nobody tells anything: only the schedule lets it look."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.process = Process(site, folder / "list.db", Course())

    def until(self, hours: int) -> None:
        """Let hours pass."""
        for _ in range(hours):
            self.site.clock.move(seconds=3600)
            align(self.site)
            self.process.work()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(looked(), tmp_path)
    service.until(1)
    yield service
    service.process.end()


def test_edits_of_which_no_webhook_told_are_found_within_the_hour(service: Service) -> None:
    site, issues = service.site, ids(service.site)
    site.enter("10000", Closeout_Booked="2026-10-05")
    site.person.transition(issues[FLOW], "done")
    site.person.edit(issues[SESSIONS], fields=site.fields.write({"CMMC Points": "5"}))
    service.until(1)
    assert "2026-10-05" in site.status_text()
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()
    assert site.values(issues[SESSIONS])["CMMC Points"] == "1"


def test_an_issue_of_which_no_webhook_told_is_found_within_the_day(service: Service) -> None:
    site = service.site
    found = site.issue("CMMC Finding", Summary="x", CMMC_Requirement=EXTERNAL, CMMC_Finding="NOT MET")
    site.person.link("Relates", found, "10000")
    service.until(24)
    assert f"Entered after posting: {EXTERNAL} NOT MET" in site.status_text()
    assert quiet(site)


def rename(site: Site, id_: str, key: str, project: str | None = None) -> None:
    """Let an issue have another key, as after a move."""
    issue = site.state.issues[id_]
    site.state.keys[key] = id_
    site.state.issues[id_] = replace(issue, key=key, project=project or issue.project)


@pytest.mark.parametrize("subject", [FLOW, "status", "assessment"])
def test_an_issue_whose_key_has_changed_is_the_same_issue(subject: str) -> None:
    site = looked()
    before = ids(site)
    rename(site, {**before, "assessment": "10000"}[subject], "CMMC-900")
    site.until_quiet()
    assert ids(site) == before
    site.attach("10000", FLOW, name="second.csv")
    site.enter("10000", CMMC_Status_Date=None)
    site.until_quiet()
    assert ids(site) == before


def other_project(site: Site) -> str:
    """Return a project of another key that our account sees as it sees ours."""
    (ours,) = site.state.projects.values()
    site.state.projects["20000"] = replace(ours, id="20000", key="ELSE", name="Elsewhere")
    return "20000"


def test_an_issue_that_was_moved_to_another_project_is_still_ours_while_we_see_it() -> None:
    site = looked()
    before = ids(site)
    rename(site, before[FLOW], "ELSE-1", other_project(site))
    assert quiet(site)
    site.person.transition(before[FLOW], "done")
    site.until_quiet()
    assert ids(site) == before
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()


def hide(site: Site, *gone: str) -> Callable[[], None]:
    """Hide issues from everybody, as a security level may; what shows them again."""
    state = site.state
    kept = {id_: state.issues.pop(id_) for id_ in gone}
    links = {id_: link for id_, link in state.links.items() if {link.source, link.destination} & kept.keys()}
    for id_ in links:
        del state.links[id_]

    def show() -> None:
        state.issues.update(kept)
        state.links.update(links)

    return show


def test_a_lost_issue_is_asked_for_twice_then_made_again_and_the_assessment_issue_says_so_once() -> None:
    site = looked()
    gone = ids(site)[FLOW]
    hide(site, gone)
    seen = len(site.state.requests)
    decided, _ = site.look()
    asked = [path for method, path in site.paths(seen) if method == "GET" and path.endswith(f"/issue/{gone}")]
    assert asked
    assert drift(decided.world) == {"issue": 1}
    assert ids(site)[FLOW] != gone
    [said] = [body for body in comments(site, "10000") if "can no longer be read" in body]
    assert f"The issue that {FLOW} had (id {gone})" in said
    assert site.remediation()[FLOW]["key"] in said
    assert quiet(site)
    assert sum("can no longer be read" in body for body in comments(site, "10000")) == 1


def test_a_lost_issue_that_comes_back_is_closed_with_a_link_and_nothing_counts_twice() -> None:
    site = looked()
    gone = ids(site)[FLOW]
    show = hide(site, gone)
    site.look()
    kept = ids(site)[FLOW]
    show()
    site.until_quiet()
    back = site.read(gone)["fields"]
    assert back["status"]["statusCategory"]["key"] == "done"
    told = f"{site.read(kept)['key']} took the place of this one while it could not be read, and stays"
    assert told in back["comment"]["comments"][-1]["body"]
    assert site.read(kept)["fields"]["status"]["statusCategory"]["key"] == "new"


def test_when_most_issues_are_lost_at_once_none_is_made_again_before_a_person_has_looked() -> None:
    many = [requirement.id for requirement in LAW.requirements(Level.TWO) if requirement.points == 1][:12]
    site = looked(*many)
    issues = ids(site)
    show = hide(site, *(issues[requirement] for requirement in many[:8]))
    decided, _ = site.look()
    assert decided.held == "8 of 13 issues can no longer be read: deleted, or hidden from us."
    assert set(site.remediation()) == set(many[8:])
    assert "Nothing was closed or made again" in site.status_text()
    for _ in range(3):
        process = site.process()
        assert process.without_closing(process.decide("CMMC-1")).plan.changes == ()
    show()
    site.until_quiet()
    assert ids(site) == issues
    assert "can no longer be read" not in site.status_text()
    hide(site, *(issues[requirement] for requirement in many[:8]))
    process = site.process()
    shown = process.decide("CMMC-1").plan
    assert len(shown.of(Create)) == 8
    process.do(process.confirmed("CMMC-1", shown.digest), fence=lambda: None)
    assert set(site.remediation()) == set(many)


def clone(site: Site, id_: str, *, properties: bool, links: bool = True) -> str:
    """Let a person clone an issue, with all it carries but its properties, or with these too, as some apps do."""
    raw, state = site.read(id_), site.state
    copy = site.issue(raw["fields"]["issuetype"]["name"], Summary=f"CLONE - {raw['fields']['summary']}")
    issue, of = state.issues[copy], state.issues[id_]
    kept = of.properties if properties else {}
    values = {**of.values, "summary": f"CLONE - {of.values['summary']}"}
    state.issues[copy] = replace(issue, creator=PRIYA, values=values, properties=kept, attachments=of.attachments)
    if links:
        for link in [link for link in state.links.values() if link.source == id_]:
            number = str(90_000 + len(state.links))
            state.links[number] = replace(link, id=number, source=copy)
    return copy


@pytest.mark.parametrize("properties", [False, True])
@pytest.mark.parametrize("subject", [FLOW, "status"])
def test_a_clone_that_a_person_made_is_no_second_identity(subject: str, properties: bool) -> None:  # noqa: FBT001
    site = looked()
    before = ids(site)
    copy = clone(site, before[subject], properties=properties)
    untouched = site.state.issues[copy]
    assert quiet(site)
    site.person.transition(copy, "done")
    site.person.edit(before[SESSIONS], fields={"summary": "Sessions"})
    assert quiet(site)
    assert site.state.issues[copy].comments == untouched.comments
    assert site.read(before[FLOW])["fields"]["status"]["statusCategory"]["key"] == "new"


def test_a_clone_of_the_assessment_has_no_part_in_what_it_was_cloned_from() -> None:
    site = looked()
    before, was = ids(site), held(site.state)
    copy = clone(site, "10000", properties=True, links=False)
    site.enter(copy, CMMC_Status_Date="2026-05-30")
    site.look(copy)
    theirs = site.read(copy)["properties"]
    assert not {row[0] for row in theirs[OURS]["issues"].values()} & set(before.values())
    assert (theirs[OURS]["assessment"], theirs[FROZEN]["assessment"]) == (copy, copy)
    assert site.process().decide(copy).plan.changes == ()
    assert quiet(site)
    assert [told for told in differences(was, held(site.state)) if not told.endswith("was made")] == []


def test_labels_and_links_of_ours_that_were_taken_away_are_put_back_and_those_of_people_stay() -> None:
    site = looked()
    issues = ids(site)
    was = {id_: sorted(site.state.issues[id_].values["labels"]) for id_ in issues.values()}
    site.person.edit(issues[FLOW], fields={"labels": ["theirs"]})
    site.person.edit(issues["status"], fields={"labels": []})
    links = dict(site.state.links)
    site.state.links.clear()
    decided, refused = site.look()
    assert refused == ()
    assert drift(decided.world) == {"labels": 2, "links": 5}
    assert sorted(site.state.issues[issues[FLOW]].values["labels"]) == sorted([*was[issues[FLOW]], "theirs"])
    assert sorted(site.state.issues[issues["status"]].values["labels"]) == was[issues["status"]]
    ends = sorted(sorted((link.source, link.destination)) for link in links.values())
    assert sorted(sorted((link.source, link.destination)) for link in site.state.links.values()) == ends
    assert quiet(site)


def test_without_the_right_to_link_everything_else_is_still_done_and_somebody_must_act() -> None:
    site = looked()
    site.state.links.clear()
    site.take_right("LINK_ISSUES")
    site.enter("10000", Closeout_Booked="2026-10-05")
    _, refused = site.look()
    assert len(refused) == 3
    assert "2026-10-05" in site.status_text()


NONSENSE: list[Any] = [
    None,
    "nonsense",
    7,
    ["a"],
    {},
    {"assessment": 7, "subject": ["x"]},
    {"assessment": "99999", "subject": "AC.L2-3.1.11"},
]
BROKEN: Mapping[str, object] = {
    "set": {"Due date": "soon", "Summary": 5, "Assignee": None},
    "said": [1, {}],
    "labels": "x",
    "keep": {"ours": ["x", 3], "due": "x", "slips": [["a"], 4], "ready": [], "posted": ["x"], "target": 5, "start": {}},
    "facts": {"open": 5, "ready": [1], "score": "x", "deadline": [], "status": {}},
    "sent": [],
    "closed": {"a": 1},
    "more": "than we know",
}


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
@pytest.mark.parametrize("subject", [FLOW, "status"])
def test_an_issue_whose_property_was_taken_away_or_overwritten_is_still_the_same(
    subject: str, nonsense: object
) -> None:
    site = looked()
    before, was = ids(site), held(site.state)
    set_property(site, before[subject], nonsense)
    decided, refused = site.look()
    assert refused == ()
    assert drift(decided.world) == {"property": 1}
    assert ids(site) == before
    assert quiet(site)
    assert [told for told in differences(was, held(site.state)) if "remembers" not in told] == []


@pytest.mark.parametrize("part", sorted(BROKEN))
@pytest.mark.parametrize("subject", [FLOW, "status"])
def test_a_property_of_the_wrong_shape_breaks_no_look(subject: str, part: str) -> None:
    site = looked()
    before = ids(site)
    id_ = before[subject]
    set_property(site, id_, {**site.state.issues[id_].properties[OURS], part: BROKEN[part]})
    site.enter("10000", Closeout_Booked="2026-10-05")
    _, refused = site.look()
    assert refused == ()
    assert "2026-10-05" in site.status_text()
    assert ids(site) == before
    assert quiet(site)


@pytest.mark.parametrize(
    "nonsense",
    [
        *NONSENSE[:5],
        {"issues": {FLOW: "x", SESSIONS: [], "status": [5]}, "said": 4, "claims": 5, "claimed": "soon", "findings": 3},
        {"issues": "x", "findings": [{}], "claims": ["x"], "claimed": 5, "said": [{}]},
    ],
    ids=str,
)
def test_an_assessment_whose_property_was_overwritten_knows_its_issues_again(nonsense: object) -> None:
    site = looked()
    before = ids(site)
    set_property(site, "10000", nonsense)
    _, refused = site.look()
    assert refused == ()
    assert ids(site) == before
    assert quiet(site)
    assert {subject: row[0] for subject, row in site.read("10000")["properties"][OURS]["issues"].items()} == before


def test_with_every_property_of_ours_gone_the_issues_are_known_by_their_labels() -> None:
    site = looked()
    before = ids(site)
    for id_ in ("10000", *before.values()):
        set_property(site, id_, None)
    site.look()
    assert ids(site) == before
    assert quiet(site)


def test_the_status_that_a_person_wrote_over_is_written_anew_and_they_are_told_where_their_words_are(
    service: Service,
) -> None:
    site = service.site
    was, status = site.status_text(), ids(site)["status"]
    site.client(PRIYA).edit(status, fields={"description": "*Final Level 2*, all is well."})
    service.until(1)
    assert site.status_text() == was
    [told] = [body for body in comments(site, status) if "had been replaced" in body]
    assert told.startswith(f"[~{'accountid:' if not site.state.datacenter else ''}{site.user_id(PRIYA)}]")
    seen = len(site.state.requests)
    service.until(30)
    assert site.since(seen)["PUT"] <= 1
    assert sum("changelog" in path for _, path in site.paths(seen)) == 0


def test_what_a_service_itself_wrote_is_not_looked_up(service: Service) -> None:
    site, seen = service.site, len(service.site.state.requests)
    site.enter("10000", Closeout_Booked="2026-10-05")
    service.until(2)
    assert "2026-10-05" in site.status_text()
    assert sum("changelog" in str(row["path"]) + str(row["query"]) for row in site.state.requests[seen:]) == 0
