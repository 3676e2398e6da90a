"""`cmmc-jira template`: a blank findings file to fill in."""

import sys
from pathlib import Path

import click

from cmmc_jira.cli.options import LEVEL
from cmmc_jira.cli.output import remark, write_file
from cmmc_jira.errors import BadSetting
from cmmc_jira.findings.template import Format, blank_file
from cmmc_rules.law import load_law
from cmmc_rules.words import Level


@click.command("template")
@click.option("--level", type=LEVEL, default="2", show_default=True, help="The CMMC level.")
@click.option("--objectives", is_flag=True, help="One row per assessment objective instead of one per requirement.")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "xlsx"]), help="By default what the file's name says, or csv."
)
@click.option("-o", "--output", metavar="FILE", help="Where to write it; without, CSV goes to standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def command(*, level: Level, objectives: bool, kind: str | None, output: str | None, force: bool) -> None:
    """Write a blank findings file to fill in: one row per requirement, or per objective.

    Fill in the column Result with MET, NOT MET or N/A; what is left blank is not assessed.

    \b
    Examples:
      cmmc-jira template --level 2 -o findings.xlsx
      cmmc-jira template --level 1 --objectives --format csv > findings.csv
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    requirements = load_law().requirements(level)
    if objectives and not any(requirement.objectives for requirement in requirements):
        raise BadSetting(f"--objectives: level {level.value} has no lettered objectives; leave the option out")
    chosen = Format(kind) if kind else _by_name(output)
    content = blank_file(requirements, objectives=objectives, kind=chosen)
    if output is not None:
        write_file("-o", output, content, force=force)
        rows = sum(len(each.objectives) for each in requirements) if objectives else len(requirements)
        remark(f"Wrote {output}: {rows} rows to fill in.")
    elif chosen is Format.XLSX and sys.stdout.isatty():
        raise BadSetting("--format xlsx: a workbook is no text for a terminal; name a file with -o findings.xlsx")
    else:
        sys.stdout.buffer.write(content)


def _by_name(output: str | None) -> Format:
    suffix = Path(output).suffix.lower() if output else ""
    if suffix not in {"", ".csv", ".xlsx"}:
        raise BadSetting(f"-o {output}: a blank file is written as .csv or .xlsx; name it so, or give --format")
    return Format.XLSX if suffix == ".xlsx" else Format.CSV
