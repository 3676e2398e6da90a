"""The policy files: the ones that ship with this version, each replaced by one of the organisation's own."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from cmmc_jira.core import notice_text
from cmmc_jira.core.backplan import backplan_in
from cmmc_jira.core.escalation import escalation_in
from cmmc_jira.core.owners import owners_in
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import BadSetting, sentences
from cmmc_rules import keys
from cmmc_rules.law import Law
from cmmc_rules.words import Level

NAMES: Final = ("owners.yaml", "escalation.yaml", "backplan.yaml")
_TEXTS: Final = "templates"
_SUFFIX: Final = ".wiki"


def read_policy(folder: Path | None, law: Law) -> Policy:
    """Return the policy: each file of the folder in the place of ours, and ours for what the folder does not hold.

    Raises:
        BadSetting: a file cannot be read, is not one of the three, or says what cannot be; every mistake is told.

    """
    mistakes: list[str] = []
    texts = {name: (files("cmmc_rules") / "policy" / name).read_text(encoding="utf-8") for name in NAMES}
    shown = {name: name for name in NAMES}
    own: Mapping[str, str] = {}
    if folder is not None:
        for name, text in _own(folder, mistakes).items():
            texts[name], shown[name] = text, str(folder / name)
        own = _templates(folder / _TEXTS, mistakes)
    window = law.edition()[keys.CLOSEOUT_DAYS].value
    requirements = [row for level in Level for row in law.requirements(level)]
    owners = owners_in(shown["owners.yaml"], texts["owners.yaml"], mistakes, requirements=requirements)
    escalation = escalation_in(
        shown["escalation.yaml"],
        texts["escalation.yaml"],
        mistakes,
        window=window,
        check=lambda say, clock: notice_text.check(say, clock, own),
        texts=own,
    )
    backplan = backplan_in(
        shown["backplan.yaml"], texts["backplan.yaml"], mistakes, requirements=requirements, window=window
    )
    if mistakes or owners is None or escalation is None or backplan is None:
        raise BadSetting(sentences(mistakes))
    return Policy(owners, escalation, backplan)


def _own(folder: Path, mistakes: list[str]) -> Mapping[str, str]:
    """Return the texts of the organisation's own files; a name that is none of ours would be passed over silently."""
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in (".yaml", ".yml"):
            continue
        if file.name not in NAMES:
            mistakes.append(f"{file}: this is no policy file; the names are {', '.join(NAMES)}")
            continue
        if (text := _text(file, mistakes)) is not None:
            found[file.name] = text
    if not found and not mistakes and not (folder / _TEXTS).is_dir():
        mistakes.append(f"CMMC_JIRA_POLICY: {folder} holds none of {', '.join(NAMES)}: copy ours and change them")
    return found


def _templates(folder: Path, mistakes: list[str]) -> Mapping[str, str]:
    """Return the organisation's own notice texts by name: `closeout/booking` for `closeout/booking.wiki`."""
    if not folder.is_dir():
        return {}
    found = {file: _text(file, mistakes) for file in sorted(folder.rglob(f"*{_SUFFIX}"))}
    return {
        file.relative_to(folder).as_posix().removesuffix(_SUFFIX): text
        for file, text in found.items()
        if text is not None
    }


def _text(file: Path, mistakes: list[str]) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        mistakes.append(f"{file}: this cannot be read: {why}")
        return None
