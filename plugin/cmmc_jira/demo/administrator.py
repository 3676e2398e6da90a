"""The administrator of the demo: on Data Center somebody does by hand what its REST has no operation for."""

from typing import Any, Final

import requests

from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.service.blueprint import blueprint

_TIMEOUT_SECONDS: Final = 10.0


def administer(url: str, admin: JiraAdmin, project: str) -> None:
    """Give select lists their options and issue types their screens, as the steps that `provision` prints say."""
    wanted, ids = blueprint(project), {field.name: field.id for field in admin.fields()}
    for spec in wanted.fields:
        if spec.options:
            _do(url, "options", field=ids[spec.name], add=list(spec.options))
    for row in wanted.types:
        _do(url, "screen", name=_screen(row.name), fields=[*row.native, *(ids[name] for name in row.ours)])
    _do(url, "screens", project=project, issue_types={row.name: _screen(row.name) for row in wanted.types})


def _screen(type_name: str) -> str:
    return f"{type_name} screen"


def _do(url: str, what: str, **form: Any) -> None:  # noqa: ANN401  the sandbox's JSON
    answer = requests.post(f"{url}/sandbox/administration", json={what: form}, timeout=_TIMEOUT_SECONDS)
    answer.raise_for_status()
