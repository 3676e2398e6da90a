"""What the screens of our issue types lack: what is not on a form is refused by Jira, and so is the whole issue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cmmc_jira.service.admin import Screen, ScreenMapping, ScreenScheme
from cmmc_jira.service.blueprint import Blueprint, TypeWanted
from cmmc_jira.service.shortfall_fields import matching
from cmmc_jira.service.steps import (
    ByHand,
    CreateScreen,
    CreateScreenScheme,
    Present,
    ShowFields,
    Step,
    UseScreens,
)
from cmmc_jira.service.wording import admin_page, project_page, several

_DEFAULT = "default"
_ALWAYS = frozenset({"issuetype", "summary"})
"""On every form, whether or not a description of it says so."""


def screen_name(type_name: str) -> str:
    """Return the name of the screen that an issue type of ours gets when it has none to itself."""
    return f"{type_name} Screen"


def scheme_name(type_name: str) -> str:
    """Return the name of that screen's scheme."""
    return f"{type_name} Screen Scheme"


def screens_of(type_id: str, mapping: ScreenMapping, schemes: Iterable[ScreenScheme]) -> frozenset[str]:
    """Return the ids of the screens that an issue type shows, whoever else does."""
    used = mapping.schemes.get(type_id, mapping.schemes.get(_DEFAULT))
    return frozenset(screen for row in schemes if row.id == used for screen in row.screens)


def form_lacks(wanted: TypeWanted, present: Present) -> bool | None:
    """Return whether the form of an issue type lacks a field; None where our account cannot open the form."""
    form = present.forms.get(_type_id(wanted, present))
    if form is None:
        return None
    return bool(_lacking(wanted, frozenset(form) | present.withheld | _ALWAYS, present))


def screen_steps(wanted: Blueprint, present: Present) -> Iterator[Step]:
    """Yield what the screens of our issue types lack."""
    if present.mapping is None:
        yield from _datacenter(wanted, present)
    else:
        yield from _cloud(wanted, present, present.mapping)


def form_mistakes(wanted: Blueprint, present: Present) -> Iterator[str]:
    """Yield a sentence for each form that has to be seen and cannot be opened: on Data Center nothing else tells."""
    if present.mapping is not None:
        return
    for row in wanted.types:
        if _type_id(row, present) in present.project.types and form_lacks(row, present) is None:
            yield (
                f'The form of a "{row.name}" cannot be looked at: grant this account "Create Issues" in '
                f"{present.project.key} for as long as this takes."
            )


def _cloud(wanted: Blueprint, present: Present, mapping: ScreenMapping) -> Iterator[Step]:
    schemes = {row.name: row.id for row in present.screen_schemes}
    moved: dict[str, str] = {}
    for row in wanted.types:
        used = screens_of(_type_id(row, present), mapping, present.screen_schemes)
        if not _lack(row, used, present):
            continue
        own = used & _alone(row, wanted, present, mapping)
        if own:
            yield from _show_on(row, (screen for screen in present.screens if screen.id in own), present)
            continue
        yield from _own_screen(row, present)
        mapped = mapping.schemes.get(_type_id(row, present))
        if mapped is not None and mapped != schemes.get(scheme_name(row.name)):
            yield _use_by_hand((row,), present)
        elif mapped is None:
            moved[row.name] = scheme_name(row.name)
    if moved:
        yield UseScreens(
            mapping.id,
            moved,
            what=f'Use these screens for {several(tuple(moved))} in "{mapping.name}"',
            why="A field is accepted only when the screen of the issue's type shows it.",
        )


def _lack(wanted: TypeWanted, used: frozenset[str], present: Present) -> bool:
    """Whether any screen of an issue type lacks a field; a lone screen that nobody read shows what the form shows."""
    known = {screen.id: screen for screen in present.screens}
    if not used <= known.keys():
        return form_lacks(wanted, present) is not False
    return not used or any(_lacking(wanted, known[id_].fields, present) for id_ in used)


def _alone(wanted: TypeWanted, all_wanted: Blueprint, present: Present, mapping: ScreenMapping) -> frozenset[str]:
    """Return the screens that an issue type of ours has to itself, or shares with our other types alone."""
    names = {row.name for row in all_wanted.types}
    ours = {row.id for row in present.issue_types if row.name in names}
    others = {scheme for used_by, scheme in mapping.schemes.items() if used_by not in ours}
    alone = {scheme for used_by, scheme in mapping.schemes.items() if used_by in ours} - others
    if mapping.schemes.get(_type_id(wanted, present)) not in alone:
        return frozenset()
    mine = {screen for row in present.screen_schemes if row.id in alone for screen in row.screens}
    return frozenset(mine) - {screen for row in present.screen_schemes if row.id not in alone for screen in row.screens}


def _own_screen(wanted: TypeWanted, present: Present) -> Iterator[Step]:
    name, scheme = screen_name(wanted.name), scheme_name(wanted.name)
    there = next((row for row in present.screens if row.name == name), None)
    if there is None:
        yield CreateScreen(name, what=f'Create the screen "{name}"', why="The screens of other issue types stay.")
    yield from _show(wanted, name, there.fields if there else frozenset(), present)
    if not any(row.name == scheme for row in present.screen_schemes):
        why = f'Creating, editing and viewing a "{wanted.name}" all use that screen.'
        yield CreateScreenScheme(scheme, name, what=f'Create the screen scheme "{scheme}"', why=why)


def _datacenter(wanted: Blueprint, present: Present) -> Iterator[Step]:
    """Yield the steps where nobody can ask which screens a project uses: the forms tell, once our screens are filled.

    So a screen of ours that is there is filled first, and whether the project uses it is seen in the look after.
    """
    ours = {screen.name: screen for screen in present.screens}
    lacking = [row for row in wanted.types if form_lacks(row, present) is not False]
    missing = [row for row in lacking if screen_name(row.name) not in ours]
    unused = []
    for row in lacking:
        screen = ours.get(screen_name(row.name))
        shown = [] if screen is None else list(_show_on(row, [screen], present))
        yield from shown
        if screen is None or not shown:
            unused.append(row)
    if missing:
        yield _screens_by_hand(missing, present)
    if unused:
        yield _schemes_by_hand(unused, present)
        yield _use_by_hand(unused, present)


def _screens_by_hand(missing: Sequence[TypeWanted], present: Present) -> ByHand:
    return ByHand(
        what=f"Create the screens of {several([row.name for row in missing])}",
        why="Ours get screens of their own, so that the forms of other issue types stay as they are.",
        page=admin_page(present.host, "ViewFieldScreens.jspa"),
        lines=(
            *(f'Press "Add screen" and enter the name "{screen_name(row.name)}".' for row in missing),
            "Put nothing on them: this command does that when it is run again.",
        ),
    )


def _schemes_by_hand(unused: Sequence[TypeWanted], present: Present) -> ByHand:
    return ByHand(
        what=f"Create the screen schemes of {several([row.name for row in unused])}",
        why="Creating, editing and viewing an issue all use the one screen of its type.",
        page=admin_page(present.host, "ViewFieldScreenSchemes.jspa"),
        lines=tuple(
            f'Press "Add screen scheme", enter the name "{scheme_name(row.name)}" and choose the default screen '
            f'"{screen_name(row.name)}".'
            for row in unused
        ),
    )


def _use_by_hand(unused: Sequence[TypeWanted], present: Present) -> ByHand:
    return ByHand(
        what=f"Use these screens for {several([row.name for row in unused])} in {present.project.key}",
        why="A field is accepted only when the screen of the issue's type shows it.",
        page=project_page(present.host, present.project.key, "screens"),
        lines=(
            "Open the issue type screen scheme that the page names; if other projects use it too, use a copy of it.",
            *(
                f'Associate the issue type "{row.name}" with the screen scheme "{scheme_name(row.name)}".'
                for row in unused
            ),
        ),
    )


def _show_on(wanted: TypeWanted, screens: Iterable[Screen], present: Present) -> Iterator[Step]:
    for screen in screens:
        yield from _show(wanted, screen.name, screen.fields, present)


def _show(wanted: TypeWanted, screen: str, shown: frozenset[str], present: Present) -> Iterator[Step]:
    native, ours = _parts(wanted, shown, _ids(wanted, present))
    lacking = (*native, *ours)
    if lacking:
        yield ShowFields(
            screen,
            native,
            ours,
            what=f'Show {len(lacking)} field{"s" if len(lacking) > 1 else ""} on the screen "{screen}"',
            why=f"Otherwise nobody can enter {', '.join(lacking)}.",
        )


def _lacking(wanted: TypeWanted, shown: frozenset[str], present: Present) -> tuple[str, ...]:
    native, ours = _parts(wanted, shown, _ids(wanted, present))
    return (*native, *ours)


def _parts(
    wanted: TypeWanted, shown: frozenset[str], ids: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the native fields and those of ours that are not shown."""
    native = tuple(id_ for id_ in wanted.native if id_ not in shown)
    return native, tuple(name for name in wanted.ours if ids.get(name) not in shown)


def _ids(wanted: TypeWanted, present: Present) -> Mapping[str, str]:
    return {name: row.id for name in wanted.ours for row in matching(name, present.fields)}


def _type_id(wanted: TypeWanted, present: Present) -> str:
    return next((row.id for row in present.issue_types if row.name == wanted.name), "")
