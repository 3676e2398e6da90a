"""The burndown as a picture."""

from cmmc_jira.core.burndown import Burndown


def draw(burndown: Burndown) -> bytes:
    """Return a PNG of the burndown, 1520 by 760 dots; equal data give equal bytes."""
    from cmmc_jira.export.chart import png  # noqa: PLC0415  matplotlib takes half a second, and only pictures need it

    return png(burndown)
