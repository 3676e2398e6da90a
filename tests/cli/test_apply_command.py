"""What `cmmc-jira apply` tells when Jira refuses."""

from cmmc_jira.cli.apply import _grouped


def test_issues_that_jira_refused_for_one_reason_share_a_sentence() -> None:
    why = 'Jira refused to create the issue: the field "SSP" is not on the screen.'
    refused = [f"AC.L2-3.1.1: {why}", f"AC.L2-3.1.2: {why}", "CMMC-4: it is locked.", f"AC.L2-3.1.3: {why}"]
    assert _grouped(refused) == [f"AC.L2-3.1.1 and 2 more: {why}", "CMMC-4: it is locked."]
