"""The burndown as a picture: open items against the plan, as PNG."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final

from cmmc_jira.core.burndown import Burndown

_INCHES: Final = (7.6, 3.6)
_DOTS: Final = 200
_MARGIN: Final = timedelta(days=6)
_PLAN, _WORK, _DEADLINE = "#0072b2", "#d55e00", "#000000"


def draw(burndown: Burndown) -> bytes:
    """Return a PNG of the burndown, 1520 by 720 dots; equal data give equal bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  half a second that only pictures need
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415  the same
    from matplotlib.figure import Figure  # noqa: PLC0415  the same
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  the same

    figure = Figure(figsize=_INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    days = [row.day for row in burndown.rows]
    planned = [row.planned for row in burndown.rows]
    done = [(row.day, row.open) for row in burndown.rows if row.open is not None]
    axes.step(_x(days), planned, where="post", color=_PLAN, linestyle="--", label="Open by the plan")
    axes.step(
        _x([day for day, _ in done]),
        [count for _, count in done],
        where="post",
        color=_WORK,
        linewidth=2.4,
        label="Open",
    )
    if done:
        axes.plot(_x([done[-1][0]]), [done[-1][1]], marker="o", color=_WORK)
    top = max([1, *planned, *(count for _, count in done)])
    marks = [(name.partition(":")[0], day) for name, day in burndown.milestones] + [("Deadline", burndown.deadline)]
    for name, day in marks:
        last = day == burndown.deadline
        axes.axvline(*_x([day]), color=_DEADLINE, linewidth=1.6 if last else 0.8, linestyle="-" if last else ":")
        side = "left" if last else "right"
        label = f" {name}, {day.day} {day:%b} "
        axes.annotate(label, (_x([day])[0], top * 1.04), rotation=90, va="top", ha=side, fontsize=7.5)
    axes.set_ylim(0, top * 1.08)
    axes.set_xlim(*_x([burndown.start, burndown.deadline + _MARGIN]))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_title("Open POA&M items against the plan", fontsize=11, loc="left")
    axes.legend(loc="lower left", frameon=False, fontsize=9)
    axes.grid(axis="y", alpha=0.3)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=_DOTS, metadata={"Software": None})
    return content.getvalue()


def _x(days: list[date]) -> list[float]:
    """Return days as matplotlib counts them."""
    from matplotlib.dates import date2num  # noqa: PLC0415  as above

    return [float(date2num(datetime.combine(day, time()))) for day in days]
