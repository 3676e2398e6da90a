"""What screens lack: our types get screens of their own, and nobody else's form changes."""

from dataclasses import replace

from cmmc_jira.service.admin import ScreenScheme
from cmmc_jira.service.steps import ByHand, CreateScreen, Present, ShowFields, UseScreens, by_hand, by_us
from support.present import (
    EMPTY_DATACENTER,
    WANTED,
    complete,
    complete_datacenter,
    field_of,
    kinds,
    lacks,
    refusal,
    screens_of,
)

ASSESSMENT = "CMMC Assessment"


def type_id(present: Present, name: str = ASSESSMENT) -> str:
    return next(row.id for row in present.issue_types if row.name == name)


def without(present: Present, field_id: str, name: str = ASSESSMENT) -> Present:
    """Return the project with a field off the form of an issue type."""
    form = {id_: options for id_, options in present.forms[type_id(present, name)].items() if id_ != field_id}
    return replace(present, forms={**present.forms, type_id(present, name): form})


def test_a_field_that_somebody_took_off_our_screen_is_shown_again() -> None:
    present = complete()
    level = field_of(present, "CMMC Level").id
    screens = [replace(row, fields=row.fields - {level}) for row in screens_of(present)]
    (step,) = lacks(replace(without(present, level), screens=screens))
    assert step == ShowFields(
        "CMMC Assessment Screen",
        (),
        ("CMMC Level",),
        what='Show 1 field on the screen "CMMC Assessment Screen"',
        why="Otherwise nobody can enter CMMC Level.",
    )


def test_the_screens_are_made_where_the_types_use_those_of_everybody() -> None:
    present = complete()
    assert present.mapping
    shared = replace(present, forms={}, mapping=replace(present.mapping, schemes={"default": "40"}))
    (step,) = lacks(replace(shared, screens=screens_of(present)))
    assert isinstance(step, UseScreens)
    assert set(step.schemes) == {row.name for row in WANTED.types}


def test_screens_that_show_everything_are_adopted_whoever_made_them() -> None:
    present = complete()
    assert present.mapping
    shared = replace(present, mapping=replace(present.mapping, schemes={"default": "40"}))
    assert lacks(shared) == ()


def test_a_screen_for_editing_that_lacks_a_field_is_filled_although_the_form_is_whole() -> None:
    present = complete()
    own = screens_of(present)
    edit = replace(own[0], id="399", name="GRC edit", fields=frozenset({"summary"}))
    schemes = [
        replace(row, screens=row.screens | {"399"}) if row.id == "400" else row for row in present.screen_schemes
    ]
    steps = lacks(replace(present, screen_schemes=schemes, screens=[*own, edit]))
    assert [step.screen for step in steps if isinstance(step, ShowFields)] == ["GRC edit"]


def test_a_screen_that_another_type_is_edited_on_is_left_alone() -> None:
    present = complete()
    assert present.mapping
    level = field_of(present, "CMMC Level").id
    schemes = {**present.mapping.schemes, "1": "400"}
    theirs = [
        replace(row, name="Everybody's form", fields=row.fields - {level}) if row.id == "300" else row
        for row in screens_of(present)
    ]
    mapping = replace(present.mapping, schemes=schemes)
    steps = lacks(replace(without(present, level), mapping=mapping, screens=theirs))
    assert [step.name for step in steps if isinstance(step, CreateScreen)] == ["CMMC Assessment Screen"]
    assert all(step.screen != "Everybody's form" for step in steps if isinstance(step, ShowFields))


def test_a_screen_that_another_scheme_uses_too_is_left_alone() -> None:
    present = complete()
    theirs = [
        replace(row, name="Their form", fields=frozenset({"summary"})) if row.id == "300" else row
        for row in screens_of(present)
    ]
    schemes = [*present.screen_schemes, ScreenScheme("60", "Of another project", frozenset({"300"}))]
    forms = {id_: form for id_, form in present.forms.items() if id_ != type_id(present)}
    steps = lacks(replace(present, forms=forms, screen_schemes=schemes, screens=theirs))
    assert [step.screen for step in steps if isinstance(step, ShowFields)] == ["CMMC Assessment Screen"]


def test_a_type_that_somebody_tied_to_a_shared_scheme_is_for_a_person_to_untie() -> None:
    present = complete()
    assert present.mapping
    schemes = {**present.mapping.schemes, type_id(present): "40"}
    bare = replace(screens_of(present)[0], id="50", name="Default Screen", fields=frozenset({"summary"}))
    steps = lacks(
        replace(
            present,
            forms={id_: form for id_, form in present.forms.items() if id_ != type_id(present)},
            mapping=replace(present.mapping, schemes=schemes),
            screens=[bare, *screens_of(present)],
        )
    )
    assert kinds(steps) == ["ByHand"]
    assert steps[0].what == 'Use these screens for "CMMC Assessment" in CMMC'


def test_on_data_center_the_steps_name_each_screen_each_scheme_and_each_type() -> None:
    screens, schemes, use = by_hand(lacks(EMPTY_DATACENTER))[-3:]
    names = [row.name for row in WANTED.types]
    assert [line.partition('"')[2] for line in screens.lines[:4]] == [
        f'Add screen" and enter the name "{name} Screen".' for name in names
    ]
    assert all(
        f'"{name} Screen Scheme"' in line and line.endswith(f'"{name} Screen".')
        for name, line in zip(names, schemes.lines, strict=True)
    )
    assert all(
        f'"{name}"' in line and f'"{name} Screen Scheme"' in line
        for name, line in zip(names, use.lines[1:], strict=True)
    )
    assert [screens.page, schemes.page, use.page] == [
        "https://jira.test/secure/admin/ViewFieldScreens.jspa",
        "https://jira.test/secure/admin/ViewFieldScreenSchemes.jspa",
        "https://jira.test/plugins/servlet/project-config/CMMC/screens",
    ]


def test_on_data_center_a_screen_that_is_there_is_filled_before_anybody_is_asked_whether_it_is_used() -> None:
    present = complete_datacenter()
    level = field_of(present, "CMMC Level").id
    bare = replace(screens_of(present)[0], fields=frozenset())
    (step,) = lacks(replace(without(present, level), screens=[bare]))
    assert isinstance(step, ShowFields)


def test_on_data_center_a_full_screen_that_the_form_does_not_show_is_for_a_person_to_use() -> None:
    present = complete_datacenter()
    level = field_of(present, "CMMC Level").id
    steps = lacks(replace(without(present, level), screens=screens_of(present)[:1]))
    assert by_us(steps) == ()
    assert [step.what.partition(" of ")[0].partition(" for ")[0] for step in steps] == [
        "Create the screen schemes", "Use these screens",
    ]  # fmt: skip
    assert all(isinstance(step, ByHand) for step in steps)


def test_on_data_center_a_field_that_the_form_hides_from_our_account_is_not_missed() -> None:
    present = without(complete_datacenter(), "duedate", "CMMC Remediation")
    assert lacks(present)
    assert lacks(replace(present, withheld=frozenset({"duedate"}))) == ()


def test_on_data_center_a_form_that_is_closed_to_our_account_is_told() -> None:
    present = complete_datacenter()
    forms = {id_: form for id_, form in present.forms.items() if id_ != type_id(present)}
    assert 'grant this account "Create Issues" in CMMC' in refusal(replace(present, forms=forms))
