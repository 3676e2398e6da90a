"""A comment is known again by its last line, as Jira gives it back, and by nothing else in it."""

import pytest

from support.site import Site

pytestmark = pytest.mark.usefixtures("flavour")

DIGEST = "refused/10000"


@pytest.mark.parametrize(
    ("body", "again"),
    [
        (f"Read.\n\n{{color:#6b778c}}cmmc-jira: {DIGEST}{{color}}", False),
        (f"Read.\n\ncmmc-jira: {DIGEST}", False),
        (f"Read.\n\n{{color:#6b778c}}cmmc-jira: {DIGEST}0{{color}}", True),
        (f"bq. cmmc-jira: {DIGEST} is what it said\n\nThanks.", True),
        ("Nothing of ours.", True),
    ],
)
def test_only_the_last_line_says_that_something_was_said(body: str, again: bool) -> None:  # noqa: FBT001
    site = Site()
    assessment = site.assessment()
    site.person.comment(assessment, body)
    attachment = site.person.attach(assessment, "broken.csv", b"no findings here\n1,2,3", "text/csv")
    assert attachment == DIGEST.rpartition("/")[2]
    site.look()
    said = [str(row["body"]) for row in site.person.comments(assessment)]
    assert len(said) == (2 if again else 1)


def test_a_comment_of_another_account_that_bears_the_name_of_a_notice_does_not_silence_it() -> None:
    site = Site()
    assessment = site.assessment()
    other = next(id_ for id_, user in site.state.users.items() if user != site.state.service_user())
    site.client(other).comment(assessment, f"Nothing to see.\n\n{{color:#6b778c}}cmmc-jira: {DIGEST}{{color}}")
    site.person.attach(assessment, "broken.csv", b"no findings here\n1,2,3", "text/csv")
    site.look()
    site.look()
    said = [str(row["body"]) for row in site.person.comments(assessment)]
    assert len(said) == 2
    assert "broken.csv" in said[1]
