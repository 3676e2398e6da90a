"""Comments, and the properties of issues and comments."""

import pytest

from support.caller import Site
from support.people import DANA, PRIYA


@pytest.fixture
def site(flavour: str) -> Site:
    site = Site(flavour=flavour)
    site.service.create()
    return site


def test_a_comment_comes_with_its_properties_where_they_are_asked_for(site: Site) -> None:
    body = {"body": "hello *there*", "properties": [{"key": "said", "value": {"rung": "day-30"}}]}
    made = site.service.post("issue/CMMC-1/comment?expand=properties", body)
    assert made.status_code == 201
    assert made.json()["properties"] == body["properties"]
    path = f"issue/CMMC-1/comment/{made.json()['id']}"
    assert "properties" not in site.service.get(path).json()
    listed = site.service.get("issue/CMMC-1/comment?expand=properties").json()
    assert (listed["total"], listed["comments"][0]["properties"]) == (1, body["properties"])
    assert site.service.get(f"comment/{made.json()['id']}/properties/said").json()["value"] == {"rung": "day-30"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Comment body can not be empty!"),
        (None, "Comment body can not be empty!"),
        ("x" * 32768, "The entered text is too long. It exceeds the allowed limit of 32,767 characters."),
        ({"type": "doc"}, "Operation value must be a string"),
    ],
)
def test_a_comment_is_refused_in_jiras_words(site: Site, text: object, sentence: str) -> None:
    answer = site.service.post("issue/CMMC-1/comment", {"body": text})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"comment": sentence})
    assert site.service.get("issue/CMMC-1/comment").json()["total"] == 0


def test_a_comment_of_the_full_length_is_taken(site: Site) -> None:
    assert site.service.post("issue/CMMC-1/comment", {"body": "x" * 32767}).status_code == 201


def test_comments_are_listed_in_pages_and_either_order(site: Site) -> None:
    for number in range(3):
        site.service.post("issue/CMMC-1/comment", {"body": str(number)})

    def bodies(query: str) -> list[str]:
        found = site.service.get(f"issue/CMMC-1/comment?{query}").json()
        return [one["body"] for one in found["comments"]]

    assert bodies("") == ["0", "1", "2"]
    assert bodies("orderBy=-created") == ["2", "1", "0"]
    assert bodies("startAt=1&maxResults=1") == ["1"]
    assert site.service.get("issue/CMMC-1/comment?orderBy=author").status_code == 400


def test_one_edits_and_deletes_ones_own_comments_and_not_others(site: Site) -> None:
    number = site.caller(DANA).post("issue/CMMC-1/comment", {"body": "mine"}).json()["id"]
    path = f"issue/CMMC-1/comment/{number}"
    assert site.caller(PRIYA).put(path, {"body": "theirs"}).status_code == 400
    assert site.caller(PRIYA).delete(path).status_code == 400
    assert site.caller(DANA).put(path, {"body": "mine still"}).json()["body"] == "mine still"
    assert (
        site.service.put(path, {"body": "the administrator's"}).json()["updateAuthor"]["displayName"]
        != "Dana Whitfield"
    )
    assert site.caller(DANA).delete(path).status_code == 204
    assert site.service.get(path).status_code == 404


def test_an_issues_property_is_set_changed_and_removed(site: Site) -> None:
    path = "issue/CMMC-1/properties/memory"
    assert site.service.get(path).status_code == 404
    assert site.service.put(path, {"n": 1}).status_code == 201
    assert site.service.put(path, {"n": 2}).status_code == 200
    assert site.service.get(path).json() == {"key": "memory", "value": {"n": 2}}
    assert [one["key"] for one in site.service.get("issue/CMMC-1/properties").json()["keys"]] == ["memory"]
    assert site.service.delete(path).status_code == 204
    assert site.service.delete(path).status_code == 404


@pytest.mark.parametrize(("length", "status"), [(32766, 201), (32767, 400)])
def test_a_property_holds_32768_characters_of_json(site: Site, length: int, status: int) -> None:
    """The two quotation marks of a JSON text count."""
    answer = site.service.put("issue/CMMC-1/properties/p", "x" * length)
    assert answer.status_code == status
    made = site.service.post("issue/CMMC-1/comment", {"body": "x", "properties": [{"key": "p", "value": "x" * length}]})
    assert made.status_code == (201 if status == 201 else 400)


def test_a_property_is_no_change_of_the_issue(site: Site) -> None:
    before = site.service.fields("CMMC-1")["updated"]
    site.service.put("issue/CMMC-1/properties/p", 1)
    assert site.service.fields("CMMC-1")["updated"] == before
    assert site.service.history("CMMC-1") == []
