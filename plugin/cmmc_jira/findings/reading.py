"""The one door for findings files: what a file is, and what it says."""

from collections.abc import Mapping
from hashlib import sha256

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import remarks
from cmmc_jira.findings.agreement import disagreements
from cmmc_jira.findings.columns import Layout, layout
from cmmc_jira.findings.csv_table import csv_table
from cmmc_jira.findings.encoding import decoded
from cmmc_jira.findings.file import FindingsFile
from cmmc_jira.findings.headings import Role
from cmmc_jira.findings.rows import Stated, Unread, statements
from cmmc_rules.law import Law
from cmmc_rules.words import Level, Result


def read_findings(
    name: str,
    content: bytes,
    *,
    law: Law,
    level: Level | None,
    mapping: Mapping[str, str] | None = None,
    words: Mapping[str, Result] | None = None,
) -> FindingsFile:
    table = csv_table(name, decoded(name, content))
    roles = {Role(key): value for key, value in (mapping or {}).items()}
    found = layout(table, roles, words or {})
    if not isinstance(found, Layout):
        raise BadFindings(f"{name}: {found.because}")
    rows = list(statements(found, law.requirements(level or Level.TWO), words or {}))
    stated = [row for row in rows if isinstance(row, Stated)]
    unread = [row for row in rows if isinstance(row, Unread)]
    findings = tuple(row.finding for row in stated)
    notices = (
        *found.notices,
        *remarks.unread_rows(unread),
        *remarks.status_words(stated),
        *remarks.carried(stated),
        *remarks.ids(stated),
        *remarks.headings([row for row in rows if isinstance(row, str)]),
        *disagreements(findings),
        *remarks.blank(stated),
    )
    return FindingsFile(
        "CSV",
        None,
        None,
        findings,
        notices,
        {role.value: found.name(role) for role in found.columns},
        sha256(content).hexdigest(),
    )
