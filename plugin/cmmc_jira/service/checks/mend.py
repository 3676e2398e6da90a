"""How what provisioning gives is mended: by the command, or by the steps that it prints for the administrator."""

from cmmc_jira.service.checks.case import Case


def by_provisioning(case: Case) -> str:
    """Return the mend for what a project lacks and provisioning would give it."""
    if case.on_cloud:
        return "Run `cmmc-jira provision` with an administrator's token."
    return "Run `cmmc-jira provision` with an administrator's token, and do by hand the steps that it prints."
