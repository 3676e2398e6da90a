"""How the burndown is drawn: the plan and the work as steps, the plan's days as lines with their names above.

Colours are Okabe and Ito's, which colour-blind people tell apart; dashes and widths tell the lines apart in print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cmmc_jira.core.burndown import Burndown

_WIDTH, _HEIGHT, _DOTS = 7.6, 3.8, 200
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.06, 0.97, 0.125, 0.88  # below there is room for a year under its first month
_ROW: Final = 0.046
"""The height of a row of names above the plot, as a share of the picture's; so are the edges above."""
_TITLE_SIZE, _SIZE, _NAME_SIZE = 11, 9, 8
_GAP: Final = 0.008
_PLAN, _WORK, _INK, _GREY = "#0072b2", "#d55e00", "#000000", "#595959"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A named day: where it stands, and from where its name reaches to there, as shares of the picture's width."""

    name: str
    at: float
    left: float


def png(burndown: Burndown) -> bytes:
    """Return the picture."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DOTS)
    canvas = FigureCanvasAgg(figure)
    named = [(f"{name.partition(':')[0]}, {_short(day)}", day) for name, day in _named(burndown)]
    widths = [_width(name, canvas, figure) for name, _ in named]
    begin, end = _span(burndown, named[0][1], widths[0])
    marks = [
        _Mark(name, at := _LEFT + (_RIGHT - _LEFT) * (_x(day) - begin) / (end - begin), at - width - _GAP)
        for (name, day), width in zip(named, widths, strict=True)
    ]
    rows = rows_of([(mark.at, mark.left) for mark in marks])
    top = _TOP - _ROW * (max(rows) + 1)
    axes = figure.add_axes((_LEFT, _BOTTOM, _RIGHT - _LEFT, top - _BOTTOM))
    axes.set_xlim(begin, end)
    _steps(axes, burndown)
    _scales(axes)
    for mark, row in zip(marks, rows, strict=True):
        _draw(figure, mark, last=mark is marks[-1], bottom=_BOTTOM, top=top + _ROW * (row + 1))
    figure.text(0.015, 0.965, title(burndown), fontsize=_TITLE_SIZE, fontweight="bold", va="top")
    figure.legend(
        loc="upper right",
        bbox_to_anchor=(0.985, 0.965),
        ncols=2,
        frameon=False,
        fontsize=_SIZE,
        borderaxespad=0,
        borderpad=0,
    )
    content = BytesIO()
    figure.savefig(content, format="png", dpi=_DOTS, metadata={"Software": None})
    return content.getvalue()


def title(burndown: Burndown) -> str:
    """Return in words what the picture shows of the last day on which the plan or the work moved."""
    past = [row for row in burndown.rows if row.open is not None]
    if not past:
        return "The plan for the open items"
    last = past[-1]
    if not last.open:
        return f"No item is open ({_long(last.day)})"
    items = "1 item" if last.open == 1 else f"{last.open} items"
    return f"{items} open, {last.planned or 'none'} by the plan ({_long(last.day)})"


def rows_of(marks: Sequence[tuple[float, float]]) -> list[int]:
    """Return the row for each name above the plot, by where its line stands and where the name begins left of it.

    The lines come in order and rise to the name's row: a name goes to the lowest row in which no earlier line or name
    is in its way, so that nothing collides.
    """
    rows: list[int] = []
    for _, left in marks:
        in_the_way = [row for (at, _), row in zip(marks, rows, strict=False) if at > left]
        rows.append(max(in_the_way, default=-1) + 1)
    return rows


def _named(burndown: Burndown) -> list[tuple[str, date]]:
    return sorted([*burndown.milestones, ("Deadline", burndown.deadline)], key=lambda row: row[1])


def _span(burndown: Burndown, first: date, width: float) -> tuple[float, float]:
    """Return the days at both edges: all that is shown, and room for the first name left of its line."""
    begin, end = _x(burndown.start), _x(max(burndown.deadline, burndown.rows[-1].day)) + 0.5
    share = width / (_RIGHT - _LEFT)
    return min(begin, _x(first) - (end - _x(first)) * share / (1 - share)), end


def _width(name: str, canvas: FigureCanvasAgg, figure: Figure) -> float:
    """Return how wide a name is, as a share of the picture's width."""
    text = figure.text(0, 0, name, fontsize=_NAME_SIZE)
    extent = text.get_window_extent(canvas.get_renderer())
    text.remove()
    return extent.width / (_WIDTH * _DOTS)


def _steps(axes: Axes, burndown: Burndown) -> None:
    past = [(_x(row.day), row.open) for row in burndown.rows if row.open is not None]
    xs, counts = [x for x, _ in past], [count for _, count in past]
    planned = [row.planned for row in burndown.rows]
    axes.step(
        [_x(row.day) for row in burndown.rows], planned, where="post", color=_PLAN, linestyle=(0, (4, 1.5)),
        linewidth=1.8, label="By the plan", clip_on=False,
    )  # fmt: skip
    axes.step(xs, counts, where="post", color=_WORK, linewidth=2.8, label="Open items", clip_on=False)
    axes.plot(xs[-1:], counts[-1:], marker="o", markersize=7, color=_WORK, clip_on=False, zorder=5)
    axes.set_ylim(0, max([1, *planned, *counts]) * 1.06)


def _scales(axes: Axes) -> None:
    locator = AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(
            locator,
            formats=["%Y", "%b", "%d %b", "%d %b", "%d %b", "%d %b"],
            zero_formats=["", "%b\n%Y", "%d %b", "%d %b", "%d %b", "%d %b"],
            show_offset=False,
        )
    )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True))
    axes.tick_params(labelsize=_SIZE, color=_GREY)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_GREY)
    axes.grid(axis="y", color="#000000", alpha=0.12)
    axes.set_axisbelow(True)


def _draw(figure: Figure, mark: _Mark, *, last: bool, bottom: float, top: float) -> None:
    line = Line2D([mark.at, mark.at], [bottom, top], color=_INK if last else _GREY, linestyle="-" if last else ":")
    line.set_linewidth(1.8 if last else 1.0)
    figure.add_artist(line)
    figure.text(
        mark.at - _GAP / 2, top, mark.name, ha="right", va="top", fontsize=_NAME_SIZE, color=_INK,
        fontweight="bold" if last else "normal",
    )  # fmt: skip


def _x(day: date) -> float:
    """Return a day as matplotlib counts it."""
    return float(date2num(datetime.combine(day, time())))


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _long(day: date) -> str:
    return f"{_short(day)} {day.year}"
