"""Marks for tests of what one flavour of Jira does by itself; they need the fixture `flavour`."""

import pytest

from jira_sandbox.flavour import CLOUD, DATACENTER

ON_CLOUD = pytest.mark.parametrize("flavour", [CLOUD], indirect=True)
ON_DATACENTER = pytest.mark.parametrize("flavour", [DATACENTER], indirect=True)
