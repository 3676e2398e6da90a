"""Which keys the commands take."""

import pytest

from cmmc_jira.cli.options import check_key
from cmmc_jira.errors import BadSetting


@pytest.mark.parametrize("key", ["CMMC-1", " CMMC-12 ", "cmmc-3"])
def test_the_key_of_an_issue_in_our_project_is_taken(key: str) -> None:
    assert check_key(key, project="CMMC") == key.strip()


@pytest.mark.parametrize("key", ["", "10001", "CMMC", "CMMC-", "../../x", "CMMC-1/transitions", "CMMC-²"])
def test_what_is_no_key_is_refused_before_jira_is_asked(key: str) -> None:
    with pytest.raises(BadSetting, match="is no issue key: write the assessment's, for example CMMC-1"):
        check_key(key, project="CMMC")


def test_an_issue_of_another_project_is_refused_with_the_setting() -> None:
    with pytest.raises(BadSetting, match="is not in the project NOPE that CMMC_JIRA_PROJECT names"):
        check_key("CMMC-1", project="NOPE")
