"""What serving by the token of a Forge app needs of the settings, and what it does without."""

import pytest

from cmmc_jira.errors import BadSetting
from cmmc_jira.settings import Settings, read_settings

LEAST = {
    "CMMC_JIRA_URL": "https://example.atlassian-us-gov-mod.net",
    "CMMC_JIRA_PROJECT": "CMMC",
    "CMMC_JIRA_FORGE_APP": "ari:cloud:ecosystem::app/7a1e",
    "CMMC_JIRA_FORGE_CLOUD_ID": "cloud-1",
}
OWN = {"CMMC_JIRA_USER": "bot@example.com", "CMMC_JIRA_TOKEN": "t"}


def read(*, serving: bool = True, **variables: str) -> Settings:
    return read_settings({**LEAST, **variables}, serving=serving)


def mistakes(*, serving: bool = True, **variables: str) -> tuple[str, ...]:
    with pytest.raises(BadSetting) as wrong:
        read(serving=serving, **variables)
    return wrong.value.mistakes


def test_serving_with_an_app_needs_neither_a_token_nor_a_webhook_secret() -> None:
    assert read().lent
    assert not read(**OWN).lent


def test_every_other_command_asks_with_a_token_of_our_own() -> None:
    [sentence] = mistakes(serving=False)
    assert sentence.startswith("CMMC_JIRA_TOKEN is not set")


def test_who_names_an_account_is_told_that_its_token_is_missing() -> None:
    [sentence] = mistakes(CMMC_JIRA_USER="bot@example.com")
    assert sentence.startswith("CMMC_JIRA_TOKEN is not set")


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_process_that_takes_the_calls_in_is_the_one_that_works(role: str) -> None:
    [sentence] = mistakes(CMMC_JIRA_ROLE=role)
    assert sentence.startswith(f"CMMC_JIRA_ROLE is {role}: leave it away")
    assert read(**OWN, CMMC_JIRA_ROLE=role).role == role
