"""A Jira over HTTP that knows nothing about CMMC: for try-outs, demos and tests."""

from jira_sandbox.app import create_app
from jira_sandbox.state import State

__all__ = ["State", "create_app"]
