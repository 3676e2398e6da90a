"""The settings file that maps a project's configuration, where `CMMC_JIRA_MAPPING` names one."""

from pathlib import Path

from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping
from cmmc_jira.core.mapping_file import mapping_in
from cmmc_jira.errors import BadSetting, sentences
from cmmc_rules.law import Law
from cmmc_rules.words import Level


def read_mapping(file: Path | None, law: Law) -> ProjectMapping:
    """Return the mapping that the file holds; without a file, the project as the manifests describe it.

    Raises:
        BadSetting: it cannot be read, or says what cannot be; every mistake is told, with its line.

    """
    if file is None:
        return AS_SHIPPED
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSetting(f"CMMC_JIRA_MAPPING: {file} cannot be read: {why}.") from error
    mistakes: list[str] = []
    families = {requirement.family for level in Level for requirement in law.requirements(level)}
    mapping = mapping_in(str(file), text, mistakes, families=families)
    if mapping is None:
        raise BadSetting(sentences(mistakes))
    return mapping
