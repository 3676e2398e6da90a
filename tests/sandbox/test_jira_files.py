"""Attachments and links."""

import pytest
import requests

from support.caller import Site
from support.flavours import ON_CLOUD

HIDDEN = "Issue does not exist or you do not have permission to see it."
NO_CHECK = {"X-Atlassian-Token": "no-check"}


@pytest.fixture
def site(flavour: str) -> Site:
    site = Site(flavour=flavour)
    site.service.create("one")
    site.service.create("two")
    return site


def attach(site: Site, name: str = "findings.csv", content: bytes = b"a,b\r\n1,2\r\n") -> requests.Response:
    files = {"file": (name, content, "text/csv")}
    return site.service.post("issue/CMMC-1/attachments", files=files, headers=NO_CHECK)


@ON_CLOUD
def test_a_files_bytes_come_back_by_redirect_and_directly(site: Site) -> None:
    (made,) = attach(site, content=b"\x00\xffbytes").json()
    assert (made["filename"], made["size"], made["mimeType"]) == ("findings.csv", 7, "text/csv")
    followed = site.service.session.get(made["content"])
    assert followed.history[0].status_code == 303
    assert followed.content == b"\x00\xffbytes"
    direct = site.service.session.get(made["content"], params={"redirect": "false"})
    assert (direct.status_code, direct.content, direct.history) == (200, b"\x00\xffbytes", [])
    assert direct.headers["Content-Disposition"] == "attachment; filename=findings.csv"
    assert site.service.get(f"attachment/{made['id']}").json()["id"] == int(made["id"])


@ON_CLOUD
def test_the_redirects_address_needs_no_account_and_cannot_be_guessed(site: Site) -> None:
    (made,) = attach(site).json()
    place = site.service.session.get(made["content"], allow_redirects=False).headers["Location"]
    assert site.anonymous.session.get(place).status_code == 200
    assert site.anonymous.session.get(place.partition("?")[0]).status_code == 403
    assert site.anonymous.session.get(made["content"]).status_code == 404


def test_without_the_header_that_browsers_cannot_forge_nothing_is_attached(site: Site) -> None:
    answer = site.service.post("issue/CMMC-1/attachments", files={"file": ("a.txt", b"x")})
    assert (answer.status_code, answer.text) == (403, "XSRF check failed")
    assert not site.state.blobs


def test_the_part_must_be_named_file(site: Site) -> None:
    answer = site.service.post("issue/CMMC-1/attachments", files={"document": ("a", b"x")}, headers=NO_CHECK)
    assert answer.status_code == 400


def test_several_files_of_one_name_are_several_files(site: Site) -> None:
    files = [("file", ("a.txt", b"1")), ("file", ("a.txt", b"2"))]
    made = site.service.post("issue/CMMC-1/attachments", files=files, headers=NO_CHECK).json()
    assert len({one["id"] for one in made}) == 2
    assert [one["filename"] for one in site.service.fields("CMMC-1")["attachment"]] == ["a.txt", "a.txt"]


def test_files_come_and_go_in_the_changelog(site: Site) -> None:
    (made,) = attach(site).json()
    assert site.service.delete(f"attachment/{made['id']}").status_code == 204
    assert site.service.get(f"attachment/{made['id']}").status_code == 404
    assert site.service.fields("CMMC-1")["attachment"] == []
    entries = site.service.history("CMMC-1")
    items = [entry["items"][0] for entry in entries]
    assert [(item["field"], item["from"], item["to"]) for item in items] == [
        ("Attachment", None, made["id"]),
        ("Attachment", made["id"], None),
    ]


def link(site: Site, kind: str = "Blocks") -> requests.Response:
    ends = {"inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-2"}}
    return site.service.post("issueLink", {"type": {"name": kind}, **ends})


def test_a_link_is_seen_from_both_ends_with_its_words(site: Site) -> None:
    assert link(site).status_code == 201
    (near,) = site.service.fields("CMMC-1")["issuelinks"]
    (far,) = site.service.fields("CMMC-2")["issuelinks"]
    assert (near["type"]["outward"], near["outwardIssue"]["key"]) == ("blocks", "CMMC-2")
    assert (far["type"]["inward"], far["inwardIssue"]["key"]) == ("is blocked by", "CMMC-1")
    assert near["id"] == far["id"]
    assert site.service.get(f"issueLink/{near['id']}").json()["inwardIssue"]["key"] == "CMMC-1"


def test_the_same_link_again_is_no_second_one(site: Site) -> None:
    link(site)
    assert link(site).status_code == 201
    assert len(site.service.fields("CMMC-1")["issuelinks"]) == 1


def test_a_link_is_in_both_changelogs_and_can_be_taken_away(site: Site) -> None:
    link(site)
    (near,) = site.service.fields("CMMC-1")["issuelinks"]
    assert site.service.delete(f"issueLink/{near['id']}").status_code == 204
    assert site.service.fields("CMMC-2")["issuelinks"] == []
    for key, says in (("CMMC-1", "This issue blocks CMMC-2"), ("CMMC-2", "This issue is blocked by CMMC-1")):
        entries = site.service.history(key)
        texts = [(entry["items"][0]["fromString"], entry["items"][0]["toString"]) for entry in entries]
        assert texts == [(None, says), (says, None)]


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (
            {"type": {"name": "Nope"}, "inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-2"}},
            404,
            "No issue link type with name 'Nope' found.",
        ),
        (
            {"type": {"name": "Blocks"}, "inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-9"}},
            404,
            None,
        ),
        (
            {"type": {"name": "Blocks"}, "inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-1"}},
            400,
            "You cannot link an issue to itself.",
        ),
    ],
)
def test_a_link_that_cannot_be_is_refused(site: Site, body: object, status: int, sentence: str | None) -> None:
    missing = "Issue Does Not Exist" if site.state.datacenter else HIDDEN
    answer = site.service.post("issueLink", body)
    assert (answer.status_code, answer.json()["errorMessages"]) == (status, [sentence or missing])


def test_a_link_type_can_be_made_once(site: Site) -> None:
    body = {"name": "Remediates", "inward": "is remediated by", "outward": "remediates"}
    made = site.service.post("issueLinkType", body)
    assert made.status_code == 201
    assert link(site, "Remediates").status_code == 201
    assert site.service.post("issueLinkType", body).status_code == 404


def test_a_deleted_issue_takes_its_links_along(site: Site) -> None:
    link(site)
    site.service.delete("issue/CMMC-1")
    assert site.service.fields("CMMC-2")["issuelinks"] == []
