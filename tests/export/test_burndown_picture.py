"""The burndown's picture: a PNG, the same for the same data, with a title in words and no names that touch."""

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.burndown import Burndown, Row
from cmmc_jira.export.burndown import draw
from cmmc_jira.export.chart import rows_of, title

START = date(2026, 3, 26)


def on(number: int) -> date:
    return START + timedelta(days=number)


def shown(*rows: tuple[int, int, int | None], milestones: tuple[int, ...] = (120, 135, 150, 170)) -> Burndown:
    names = ("Last safe day: every item is ready", "Checked by ourselves", "Go or no-go: it begins", "Posted")
    named = tuple(zip(names, map(on, milestones), strict=False))
    return Burndown(START, on(180), named, tuple(Row(on(day), planned, open_) for day, planned, open_ in rows))


DAY_60 = shown((0, 14, 14), (30, 9, 12), (60, 5, 11), (110, 0, None), (180, 0, None))


def test_it_is_a_png_twice_as_wide_as_it_is_shown_that_tells_neither_when_nor_by_what_it_was_drawn() -> None:
    content = draw(DAY_60)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (1520, 760)
    assert b"tEXt" not in content
    assert b"iTXt" not in content
    assert b"tIME" not in content


def test_equal_data_give_equal_bytes_in_threads_too_and_other_data_others() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = set(threads.map(draw, [DAY_60] * 8))
    assert drawn == {draw(DAY_60)}
    assert draw(shown((0, 14, 14), (30, 9, 12), (60, 5, 10), (110, 0, None), (180, 0, None))) not in drawn


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (((0, 14, 14), (180, 0, None)), "14 items open, 14 by the plan (26 Mar 2026)"),
        (((0, 14, 14), (60, 5, 11), (180, 0, None)), "11 items open, 5 by the plan (25 May 2026)"),
        (((0, 1, 1), (110, 0, 1), (180, 0, 1)), "1 item open, none by the plan (22 Sep 2026)"),
        (((0, 2, 2), (50, 2, 0), (180, 0, None)), "No item is open (15 May 2026)"),
        (((0, 2, None), (180, 0, None)), "The plan for the open items"),
    ],
)
def test_the_title_says_how_it_stood_when_something_moved_last(
    rows: tuple[tuple[int, int, int | None], ...], words: str
) -> None:
    assert title(shown(*rows)) == words
    assert draw(shown(*rows))


@pytest.mark.parametrize("milestones", [(120, 120, 120, 120), (-30, -10, -1, 176), (0, 0, 1, 180), (), (180,) * 4])
def test_it_can_be_drawn_wherever_the_days_of_the_plan_lie(milestones: tuple[int, ...]) -> None:
    assert draw(shown((0, 3, 3), (180, 0, 3), (185, 0, 0), milestones=milestones))


def test_a_clock_that_was_known_only_after_its_end_can_be_drawn() -> None:
    late = shown((180, 2, 2), (200, 0, 2))
    assert draw(Burndown(on(200), late.deadline, late.milestones, late.rows))


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 0.4)), max_size=6).map(
        lambda rows: sorted((at, at - width) for at, width in rows)
    )
)
def test_no_name_above_the_plot_touches_another_name_or_a_line(marks: list[tuple[float, float]]) -> None:
    rows = rows_of(marks)
    for at_row, (at, left) in zip(rows, marks, strict=True):
        for other_row, (other, _) in zip(rows, marks, strict=True):
            rises_through = other_row >= at_row and (other, other_row) != (at, at_row)
            assert not (rises_through and left < other < at)


def test_commands_that_draw_nothing_do_not_load_what_draws() -> None:
    code = "import sys, cmmc_jira.cli.main, cmmc_jira.service.apply; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  ours
    assert done.stdout.strip() == "False"
