"""Decisions: what Jira should hold, and the difference to what it holds. Pure."""
