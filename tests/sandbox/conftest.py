"""What the tests of the sandbox share."""

import pytest

from jira_sandbox.flavour import FLAVOURS


@pytest.fixture(scope="module", params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    """Each flavour of Jira in turn."""
    return str(request.param)
