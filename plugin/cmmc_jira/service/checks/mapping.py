"""Whether what the mapping of the project names is there."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

MAPPING: Final = Check(
    "mapping", "the file of CMMC_JIRA_MAPPING", "Jira refuses each new issue that names what is not there."
)
_LEVEL: Final = "security"


def mapping(case: Case) -> Iterator[Verdict]:
    """Yield each security level and component of the mapping that the project lacks, else what is mapped."""
    whole = True
    for verdict in (*_levels(case), *_components(case)):
        whole = False
        yield verdict
    if whole:
        yield MAPPING.ok(_told(case.mapping))


def _levels(case: Case) -> Iterator[Verdict]:
    there = case.checkup.types(case.project)
    for key, level in case.mapping.security.items():
        name = case.mapping.type_name(key)
        form = case.checkup.form(case.project, there[name])
        offered = next((row.options for row in form if row.id == _LEVEL), ())
        if level not in offered:
            yield MAPPING.fault(
                f'A new "{name}" cannot have the security level "{level}".',
                'Give the project that level, put "Security Level" on the create screen, and grant the service account '
                f'"Set issue security"; or write another level ({", ".join(offered) or "none can be chosen now"}).',
            )


def _components(case: Case) -> Iterator[Verdict]:
    wanted = {*case.mapping.components.values(), *([case.mapping.component] if case.mapping.component else ())}
    there = {str(row["name"]) for row in case.jira.components(case.project)} if wanted else set()
    for name in sorted(wanted - there):
        yield MAPPING.fault(
            f'{case.project} has no component "{name}".', f"Create it in {case.project}, or write another one."
        )


def _told(mapping: ProjectMapping) -> str:
    """Return what the mapping changes, in the words of its file."""
    named = {**mapping.issue_types, **mapping.fields}
    changes = [f'{ours} is "{theirs}"' for ours, theirs in named.items()]
    changes += [f'{key} has the level "{level}"' for key, level in mapping.security.items()]
    changes += [f"{key} has defaults for {', '.join(values)}" for key, values in mapping.defaults.items()]
    changes += [f"{key} has a workflow of its own" for key in mapping.workflow]
    changes += [f'new items get the component "{mapping.component}"'] if mapping.component else []
    changes += [f'{family} gets the component "{name}"' for family, name in mapping.components.items()]
    if (mapping.tie, mapping.link_type) != (AS_SHIPPED.tie, AS_SHIPPED.link_type):
        changes.append(f"issues are tied to their assessment by {mapping.tie.value}, links are {mapping.link_type}")
    return f"Mapped: {'; '.join(changes)}." if changes else "The project is configured as the manifests describe it."
