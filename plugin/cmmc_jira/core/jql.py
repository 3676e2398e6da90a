"""Values in Jira's query language."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def quoted(value: str) -> str:
    r"""Return a value as a JQL string: quotes and backslashes escaped, line breaks and control characters as spaces.

    https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ (reserved characters go inside quotes)
    """
    plain = _CONTROL.sub(" ", value)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
