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
from cmmc_rules.ladder import Clock, lengths
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
        replaced, own = _own(folder, mistakes), _templates(folder / _TEXTS, mistakes)
        for name, text in replaced.items():
            texts[name], shown[name] = text, str(folder / name)
        if not replaced and not own and not mistakes:
            names = ", ".join(NAMES)
            mistakes.append(
                f"CMMC_JIRA_POLICY: {folder} holds none of {names} and no {_TEXTS}/*/*{_SUFFIX}: copy ours and change "
                "them, or leave the setting out"
            )
    days = lengths(law.edition())
    requirements = [row for level in Level for row in law.requirements(level)]
    owners = owners_in(shown["owners.yaml"], texts["owners.yaml"], mistakes, requirements=requirements)
    escalation = escalation_in(
        shown["escalation.yaml"],
        texts["escalation.yaml"],
        mistakes,
        lengths=days,
        check=lambda say, clock: notice_text.check(say, clock, own),
        texts=own,
    )
    backplan = backplan_in(
        shown["backplan.yaml"],
        texts["backplan.yaml"],
        mistakes,
        requirements=requirements,
        window=days[Clock.CONDITIONAL_CLOSEOUT],
    )
    if mistakes or owners is None or escalation is None or backplan is None:
        raise BadSetting(sentences(mistakes))
    return Policy(owners, escalation, backplan)


def _own(folder: Path, mistakes: list[str]) -> Mapping[str, str]:
    """Return the texts of the organisation's own files; a name that is none of ours would be passed over silently."""
    found: dict[str, str] = {}
    for file in _files(folder, mistakes):
        if file.suffix.lower() not in (".yaml", ".yml"):
            continue
        if file.name not in NAMES:
            mistakes.append(f"{file}: this is no policy file; the names are {', '.join(NAMES)}")
        elif (text := _text(file, mistakes)) is not None:
            found[file.name] = text
    return found


def _templates(folder: Path, mistakes: list[str]) -> Mapping[str, str]:
    """Return the organisation's own notice texts by name: `closeout/booking` for `closeout/booking.wiki`."""
    found: dict[str, str] = {}
    if not folder.is_dir():
        return found
    for file in _files(folder, mistakes):
        if file.is_dir():
            found |= {f"{file.name}/{name}": text for name, text in _templates(file, mistakes).items()}
        elif file.suffix == _SUFFIX and (text := _text(file, mistakes)) is not None:
            found[file.stem] = text
    return found


def _files(folder: Path, mistakes: list[str]) -> list[Path]:
    """Return what a folder shows: hidden entries are not meant (Kubernetes mounts the same files in `..data` too)."""
    try:
        return sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        mistakes.append(f"{folder}: this cannot be read: {error.strerror}")
        return []


def _text(file: Path, mistakes: list[str]) -> str | None:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        mistakes.append(f"{file}: this cannot be read: {why}")
        return None
