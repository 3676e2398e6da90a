"""Pages for people: what Jira would show in a browser, from the same state that its REST serves."""

from jira_sandbox.pages.routes import blueprint, error_page

__all__ = ["blueprint", "error_page"]
