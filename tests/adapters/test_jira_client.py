"""The client against the sandbox over HTTP: what Jira holds afterwards, and how many calls it took."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.issues import Attachment
from cmmc_jira.core.jql import quoted
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service.ports import NewIssue, Site
from jira_sandbox.app import create_app
from jira_sandbox.state import State
from support.people import DANA, PRIYA, VIEWER, issue, peopled, ref
from support.wsgi import session_for

URL = "http://jira.test"
POINTS, FINDING = "customfield_20002", "customfield_20004"


@pytest.fixture
def state(flavour: str) -> State:
    return peopled(flavour)


def client(state: State, account_id: str | None = None, *, slept: list[float] | None = None) -> JiraClient:
    user = state.users[account_id] if account_id else state.service_user()
    app = create_app(state, sleep=lambda _: None)
    retry = Retry(sleep=(slept if slept is not None else []).append)
    access = Access(URL, user.token, user=None if state.datacenter else user.email)
    return JiraClient(Exchange(access, retry=retry, session=lambda: session_for(app)))


def new(summary: str, **fields: object) -> NewIssue:
    structure = {"project": {"key": "CMMC"}, "issuetype": {"name": "Task"}, "summary": summary}
    return NewIssue({**structure, **fields}, {"cmmc-jira": {"subject": summary}})


def user_id(state: State, account_id: str) -> str:
    """Return what this flavour calls somebody by."""
    return next(iter(ref(state, account_id).values()))


def requests(state: State, path: str) -> int:
    return sum(path in str(row["path"]) for row in state.requests)


def test_the_site_and_the_account_are_asked_for_once(state: State) -> None:
    jira = client(state)
    assert jira.site() == jira.site() == Site(state.flavour, jira.site().version, URL)
    ((key, me),) = ref(state, state.service).items()
    assert jira.myself()[key] == jira.myself()[key] == me
    assert (requests(state, "serverInfo"), requests(state, "myself")) == (1, 1)
    assert jira.probe()["displayName"]
    assert requests(state, "myself") == 2


def test_fields_are_asked_for_again_only_when_they_were_forgotten(state: State) -> None:
    jira = client(state)
    assert {row["name"]: row["id"] for row in jira.fields()}["Points"] == POINTS
    jira.fields()
    assert requests(state, "/field") == 1
    jira.forget_fields()
    jira.fields()
    assert requests(state, "/field") == 2


def test_110_issues_take_three_calls_and_come_back_in_order_with_their_properties(state: State) -> None:
    jira = client(state)
    created = jira.create([new(f"n{number}") for number in range(110)])
    assert jira.calls() == {"POST": 3}
    ids = [each.id for each in created if each.id]
    found = {issue["id"]: issue for issue in jira.issues(ids, ["summary"])}
    assert jira.calls() == ({"GET": 112, "POST": 3} if state.datacenter else {"GET": 2, "POST": 5})
    assert [found[id_]["fields"]["summary"] for id_ in ids] == [f"n{number}" for number in range(110)]
    assert all(issue["properties"]["cmmc-jira"]["subject"] == issue["fields"]["summary"] for issue in found.values())


def test_of_many_issues_the_one_that_jira_refuses_is_named_and_the_others_are_created(state: State) -> None:
    jira = client(state)
    jira.fields()
    wrong = new("b", **{FINDING: {"value": "PERHAPS"}})
    first, second, third = jira.create([new("a"), wrong, new("c")])
    assert (first.refused, third.refused) == (None, None)
    assert second.id is None
    assert second.refused is not None
    assert second.refused.startswith('Jira refused to create the issue: the field "Finding": ')
    assert [jira.issue(each.id or "", ["summary"])["fields"]["summary"] for each in (first, third)] == ["a", "c"]


def test_when_jira_refuses_every_issue_each_has_its_sentence(state: State) -> None:
    jira = client(state)
    created = jira.create([new("a", customfield_99999="x"), new("b", customfield_99999="x")])
    assert [each.id for each in created] == [None, None]
    assert all(each.refused and "customfield_99999" in each.refused for each in created)


def test_a_search_reads_every_page(state: State) -> None:
    for number in range(205):
        issue(state, f"n{number}")
    found = client(state).search("project = CMMC ORDER BY id", ["summary"])
    assert [row["fields"]["summary"] for row in found] == [f"n{number}" for number in range(205)]


def test_a_search_asks_for_no_page_after_the_one_that_holds_what_was_looked_for(state: State) -> None:
    for number in range(205):
        issue(state, f"n{number}")
    found = client(state).search(
        "project = CMMC ORDER BY id", ["summary"], until=lambda row: row["fields"]["summary"] == "n7"
    )
    assert (len(found), requests(state, "/search")) == (100, 1)


def test_an_issue_that_the_index_does_not_know_yet_is_found_when_it_is_asked_for(state: State) -> None:
    jira = client(state)
    state.faults.add({"index_lag": 5})
    jql = f"project = {quoted('CMMC')}"
    assert jira.search(jql, ["summary"]) == []
    (made,) = jira.create([new("late")])
    assert jira.search(jql, ["summary"]) == []
    assert [row["id"] for row in jira.search(jql, ["summary"], also=[made.id or ""])] == [made.id]


def test_gone_and_hidden_issues_are_absent_and_a_single_one_is_refused_in_a_sentence(state: State) -> None:
    jira = client(state)
    kept = issue(state, "kept")
    assert [row["id"] for row in jira.issues([kept.id, "99999"], ["summary"])] == [kept.id]
    who = "the owner of the token" if state.datacenter else r"service@example\.com"
    with pytest.raises(JiraRefused, match=rf"^Issue 99999 is deleted, or hidden from {who}\.$") as refused:
        jira.issue("99999", ["summary"])
    assert refused.value.status == 404


def test_an_edit_changes_fields_and_properties_in_one_put(state: State) -> None:
    jira, task = client(state), issue(state, "before")
    jira.edit(task.id, fields={"summary": "after", POINTS: 3}, properties={"cmmc-jira": {"a": [1]}})
    assert jira.calls() == {"PUT": 1}
    read = jira.issue(task.key, ["summary", POINTS])
    assert read["fields"] == {"summary": "after", POINTS: 3}
    assert read["properties"] == {"cmmc-jira": {"a": [1]}}
    jira.set_property(task.id, "cmmc-jira", {"b": 2})
    assert jira.issue(task.id, [])["properties"] == {"cmmc-jira": {"b": 2}}


def test_a_transition_goes_by_category_and_back(state: State) -> None:
    jira, task = client(state), issue(state, "work")
    names = [jira.transition(task.id, category) for category in ("done", "new", "indeterminate")]
    assert names == ["Done", "To Do", "In Progress"]


def test_comments_come_back_from_every_page_oldest_first(state: State) -> None:
    jira, task = client(state), issue(state, "talk")
    ids = [jira.comment(task.id, f"number {number}") for number in range(101)]
    assert [row["id"] for row in jira.comments(task.id)] == ids


def test_two_issues_are_linked(state: State) -> None:
    jira, one, two = client(state), issue(state, "one"), issue(state, "two")
    jira.link("Relates", one.id, two.key)
    (link,) = jira.issue(one.id, ["issuelinks"])["fields"]["issuelinks"]
    assert (link.get("inwardIssue") or link["outwardIssue"])["id"] == two.id


def attached(jira: JiraClient, issue_id: str) -> Attachment:
    (row,) = jira.issue(issue_id, ["attachment"])["fields"]["attachment"]
    return Attachment(str(row["id"]), row["filename"], row["size"], row["created"], None)


def test_a_file_comes_back_byte_for_byte_under_its_own_name(state: State) -> None:
    jira, task = client(state), issue(state, "file")
    content = bytes(range(256)) * 600
    id_ = jira.attach(task.id, "Befund für Q3.csv", content, "text/csv")
    file = attached(jira, task.id)
    assert (file.id, file.name, file.size) == (id_, "Befund für Q3.csv", len(content))
    assert jira.attachment(file, limit=len(content)) == content
    with pytest.raises(JiraRefused, match="is larger than 100 bytes"):
        jira.attachment(file, limit=100)


def test_a_file_larger_than_jira_says_is_not_read_to_its_end(state: State) -> None:
    jira, task = client(state), issue(state, "file")
    jira.attach(task.id, "f.csv", b"x" * 1000, "text/csv")
    file = attached(jira, task.id)
    with pytest.raises(JiraRefused, match="is larger than 100 bytes"):
        jira.attachment(Attachment(file.id, file.name, 0, file.created, None), limit=100)


def test_a_file_of_ours_is_deleted_and_one_that_is_gone_is_no_fault(state: State) -> None:
    jira, task = client(state), issue(state, "file")
    gone, kept = (jira.attach(task.id, f"{name}.png", b"x", "image/png") for name in ("gone", "kept"))
    jira.discard(gone)
    assert attached(jira, task.id).id == kept
    jira.discard(gone)
    assert jira.answers()["DELETE", "404"] == 1


def test_deleting_a_file_of_another_is_refused_with_the_right_that_it_takes(state: State) -> None:
    task = issue(state, "file")
    theirs = client(state, DANA).attach(task.id, "theirs.png", b"x", "image/png")
    with pytest.raises(JiraRefused, match='may not delete a file: give it the permission "Delete own attachments"'):
        client(state, PRIYA).discard(theirs)
    assert attached(client(state), task.id).id == theirs


def test_a_delete_is_never_sent_twice(state: State) -> None:
    jira, task = client(state), issue(state, "file")
    file = jira.attach(task.id, "f.png", b"x", "image/png")
    state.faults.add({"call": 1, "when": "after", "status": 500})
    with pytest.raises(JiraUnavailable) as away:
        jira.discard(file)
    assert away.value.ambiguous
    assert jira.calls()["DELETE"] == 1


def test_the_changelog_is_read_from_every_page_oldest_first_with_who_and_when(state: State) -> None:
    task = issue(state, "moved")
    days = [f"2026-07-{day:02}" for day in range(1, 32)] * 4
    people = [client(state, person) for person in (DANA, PRIYA)]
    for person, day in zip(people * 62, days, strict=True):
        person.edit(task.id, fields={"duedate": day})
        state.clock.advance(timedelta(minutes=1))
    changes = client(state).changes(task.id)
    assert requests(state, "/changelog") == (0 if state.datacenter else 2)
    assert [change["items"][0]["to"] for change in changes] == days
    assert {item["field"] for change in changes for item in change["items"]} == {"duedate"}
    assert ref(state, PRIYA).items() <= changes[-1]["author"].items()
    assert changes[-1]["created"] == state.clock.now() - timedelta(minutes=1)


def test_who_has_a_project_role_is_told_by_user_id_whatever_case_its_name_is_written_in(state: State) -> None:
    assert client(state).role_members("CMMC", "viewers") == (user_id(state, VIEWER),)
    assert user_id(state, DANA) in client(state).role_members("CMMC", "Members")
    assert client(state).role_members("CMMC", "Managers of managers") == ()


def test_reading_a_role_without_the_right_names_the_right(state: State) -> None:
    sentence = 'may not read who has the role Members: give it the permission "Administer projects"'
    with pytest.raises(JiraRefused, match=sentence):
        client(state, DANA).role_members("CMMC", "Members")


def test_the_components_come_with_their_leads(state: State) -> None:
    assert client(state).components("CMMC") == []


@pytest.mark.parametrize("name", ["", "dana.whitfield@example.com", "Dana.Whitfield@Example.com", "Dana Whitfield"])
def test_a_person_is_found_by_id_address_or_full_name(state: State, name: str) -> None:
    found = client(state).user(name or user_id(state, DANA), "CMMC")
    assert found is not None
    assert ref(state, DANA).items() <= found.items()


@pytest.mark.parametrize("name", ["Dana", "nobody@example.com", VIEWER, "viewer", ""])
def test_no_person_is_guessed_or_given_work_they_cannot_take(state: State, name: str) -> None:
    assert client(state).user(name, "CMMC") is None


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda jira, id_: jira.edit(id_, fields={"summary": "x"}), 'may not change issue .* permission "Edit issues"'),
        (lambda jira, id_: jira.comment(id_, "x"), 'may not comment on issue .* permission "Add comments"'),
    ],
)
def test_a_missing_right_is_named(state: State, call: Callable[[JiraClient, str], object], sentence: str) -> None:
    task = issue(state, "guarded")
    with pytest.raises(JiraRefused, match=sentence):
        call(client(state, VIEWER), task.id)


def test_a_wrong_token_is_refused_before_anything_is_believed(state: State) -> None:
    app = create_app(state)
    user = "service" if state.datacenter else "service@example.com"
    access = Access(URL, "wrong-token", user=user)
    jira = JiraClient(Exchange(access, session=lambda: session_for(app)))
    with pytest.raises(JiraRefused, match=r"does not accept the token of service") as refused:
        jira.search("project = CMMC", ["summary"])
    assert "wrong-token" not in str(refused.value)
    with pytest.raises(JiraRefused, match="does not accept the token"):
        JiraClient(Exchange(access, session=lambda: session_for(app))).fields()


def test_a_read_is_tried_again_and_a_write_never(state: State) -> None:
    slept: list[float] = []
    jira, task = client(state, slept=slept), issue(state, "once")
    jira.myself()
    state.faults.add({"call": 1, "when": "before", "status": 503})
    assert jira.issue(task.id, ["summary"])["id"] == task.id
    assert len(slept) == 1
    state.faults.add({"call": 1, "when": "after", "status": 500})
    with pytest.raises(JiraUnavailable) as away:
        jira.comment(task.id, "said")
    assert away.value.ambiguous
    assert len(slept) == 1
    assert [row["body"] for row in jira.comments(task.id)] == ["said"]


def test_a_create_whose_answer_was_cut_off_is_ambiguous_and_not_repeated(state: State) -> None:
    jira = client(state)
    state.faults.add({"call": 1, "when": "after", "status": "cut"})
    with pytest.raises(JiraUnavailable) as away:
        jira.create([new("a"), new("b")])
    assert away.value.ambiguous
    assert len(jira.search("project = CMMC", ["summary"])) == 2


def test_each_request_is_counted_by_method_and_by_what_came(state: State) -> None:
    jira, task = client(state), issue(state, "count")
    jira.edit(task.id, fields={"summary": "x"})
    with pytest.raises(JiraRefused):
        jira.comment("99999", "x")
    assert jira.calls() == {"PUT": 1, "POST": 1}
    assert jira.answers() == {("PUT", "204"): 1, ("POST", "404"): 1}
