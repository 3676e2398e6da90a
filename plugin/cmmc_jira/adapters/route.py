"""The route of a call: what it asks of Jira, without the id, key or name of anything that it asks about."""

from typing import Final

_WORDS: Final = frozenset(
    """rest api 2 1.0 webhooks jira-webhook webhook secure
    issue bulk bulkfetch search jql comment transitions properties attachments attachment content changelog issueLink
    issueLinkType serverInfo myself mypermissions field context option project role components statuses user assignable
    filter permission createmeta issuetypes issuetype issuetypescheme issuetypescreenscheme screenscheme screens tabs
    fields mapping projectmapping associations priority resolution status availableFields attachment meta""".split()  # noqa: SIM905  a list of words is read best as words
)
_ELSE: Final = "{}"


def route(path: str) -> str:
    """Return a path with `{}` for each part that is none of Jira's own words; a query is left out."""
    parts = path.partition("?")[0].strip("/").split("/")
    return "/" + "/".join(part if part in _WORDS else _ELSE for part in parts)
