"""What is kept of issues that were read, and how much of it."""

from cmmc_jira.adapters.kept import Kept

FIELDS = ["summary", "updated"]


def kept(*ids: str, at_most: int = 2) -> Kept:
    found = Kept(at_most)
    for id_ in ids:
        found.put({"id": id_, "fields": {"summary": f"n{id_}"}}, FIELDS)
    return found


def test_an_issue_comes_back_as_it_was_read_and_only_with_the_fields_that_were_read() -> None:
    assert kept("1").get("1", ["updated", "summary"]) == {"id": "1", "fields": {"summary": "n1"}}
    assert kept("1").get("1", ["summary"]) is None
    assert kept("1").get("2", FIELDS) is None


def test_whoever_changes_what_came_back_does_not_change_what_is_kept() -> None:
    found = kept("1")
    row = found.get("1", FIELDS)
    assert row is not None
    row["fields"]["summary"] = "another"
    assert found.get("1", FIELDS) == {"id": "1", "fields": {"summary": "n1"}}


def test_of_more_than_may_be_kept_the_one_that_was_longest_not_asked_for_goes() -> None:
    found = kept("1", "2")
    found.get("1", FIELDS)
    found.put({"id": "3", "fields": {}}, FIELDS)
    assert [found.get(id_, FIELDS) is not None for id_ in ("1", "2", "3")] == [True, False, True]


def test_what_was_written_is_forgotten() -> None:
    found = kept("1", "2")
    found.drop("1")
    found.drop("9")
    assert [found.get(id_, FIELDS) is not None for id_ in ("1", "2")] == [False, True]
