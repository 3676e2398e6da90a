"""How provisioning names several things, and where on Jira's pages they are."""

from collections.abc import Sequence
from urllib.parse import quote

from cmmc_jira.service.admin import Host


def several(names: Sequence[str]) -> str:
    """Return names in quotes as a sentence lists them."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def in_order(names: Sequence[str]) -> str:
    """Return names in quotes, to be entered one after another."""
    return ", ".join(f'"{name}"' for name in names)


def project_page(host: Host, key: str, part: str) -> str:
    """Return the address of a part of a project's settings, such as `screens` or `workflows`."""
    return f"{host.address}/plugins/servlet/project-config/{quote(key, safe='')}/{part}"


def admin_page(host: Host, page: str) -> str:
    """Return the address of a page of Data Center's administration."""
    return f"{host.address}/secure/admin/{page}"
