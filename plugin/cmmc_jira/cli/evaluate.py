"""`cmmc-jira evaluate`: the rules alone, without Jira, database or network."""

import os
from dataclasses import dataclass, replace
from datetime import date

import click

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.cli.options import DAY, LEVEL, PATH
from cmmc_jira.cli.output import print_json, print_text, remark, write_file
from cmmc_jira.cli.source import name_of, read_source
from cmmc_jira.errors import BadFindings
from cmmc_jira.export.evaluation import as_json as evaluation_json
from cmmc_jira.export.report import report
from cmmc_jira.findings.document import document_in, read_document
from cmmc_jira.findings.profile import Profile, parse_map, read_profile, write_profile
from cmmc_jira.findings.reading import read_findings
from cmmc_jira.settings import read_calendar
from cmmc_rules.dated import NotInForce
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import Law, load_law
from cmmc_rules.records import Assessment
from cmmc_rules.words import Level, Path, Result


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of the assessment beside the file."""

    level: Level | None
    path: Path | None
    status_date: date | None
    as_of: date | None
    unlisted: Result | None

    def read(self, document: object, law: Law, today: date) -> Assessment:
        """The assessment that the document and these options describe together."""
        return read_document(
            document,
            law=law,
            as_of=today,
            level=self.level,
            path=self.path,
            status_date=self.status_date,
            unlisted=self.unlisted,
            day=self.as_of,
        )


@click.command("evaluate")
@click.argument("file", metavar="FILE")
@click.option("--level", type=LEVEL, help="The CMMC level.")
@click.option("--path", type=PATH, help="Who assesses.")
@click.option("--status-date", type=DAY, help="The CMMC Status Date as posted in SPRS or eMASS.")
@click.option("--as-of", type=DAY, help="The day to evaluate for; by default the document's own, or today.")
@click.option(
    "--unlisted",
    type=click.Choice([Result.MET.value, Result.NOT_ASSESSED.value], case_sensitive=False),
    metavar="[MET|NOT ASSESSED]",
    help="What requirements are that the file does not mention; by default NOT ASSESSED.",
)
@click.option("--map", "maps", multiple=True, metavar="WHAT=MEANT", help="A column or a status word; see above.")
@click.option("--profile", metavar="FILE", help="Columns and words as saved with --save-profile.")
@click.option("--save-profile", "profile_to", metavar="FILE", help="Save how the file was read, for the next one.")
@click.option("--json", "as_json", is_flag=True, help="Print the evaluation as one JSON document.")
def command(  # noqa: PLR0913 - one parameter per option
    file: str,
    *,
    level: Level | None,
    path: Path | None,
    status_date: date | None,
    as_of: date | None,
    unlisted: str | None,
    maps: tuple[str, ...],
    profile: str | None,
    profile_to: str | None,
    as_json: bool,
) -> None:
    """Say what the rule makes of the assessment in FILE: its status and score, why, and what to do next.

    FILE is a findings file (CSV, Excel, JSON, YAML, Markdown, OSCAL) or an assessment document; - is standard input.
    A findings file needs --level and --path.

    --map names a column (--map "status=Overall Result") or what a status word means (--map "word:Planned=NOT MET").
    Columns are id, status, objective, note, owner, due, asset, variant and points; sheet names a workbook's sheet.

    \b
    Examples:
      cmmc-jira evaluate findings.csv --level 2 --path Self
      cmmc-jira evaluate assessment.json --as-of 2026-09-23 --json
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    zone, closures = read_calendar(os.environ)
    law = load_law()
    options = Options(level, path, status_date, as_of, Result(unlisted) if unlisted else None)
    asked = parse_map(maps)
    if profile is not None:
        asked = asked.over(read_profile(f"--profile {name_of(profile)}", read_source(profile)))
    assessment, understood = _assessment(file, law=law, today=SystemClock(zone).today(), options=options, asked=asked)
    try:
        evaluation = evaluate(assessment, law, closures=closures)
    except NotInForce as error:
        raise BadFindings(f"{name_of(file)}: {error}") from None
    if profile_to is not None:
        write_file("--save-profile", profile_to, write_profile(understood), force=True)
        remark(f"Saved how {name_of(file)} was read to {profile_to}.")
    if as_json:
        print_json(evaluation_json(evaluation))
    else:
        print_text(report(evaluation))


def _assessment(file: str, *, law: Law, today: date, options: Options, asked: Profile) -> tuple[Assessment, Profile]:
    """The assessment that the file and the options describe, and how the file was understood."""
    name, content = name_of(file), read_source(file)
    document = document_in(name, content)
    if document is not None:
        try:
            return options.read(document, law, today), asked
        except BadFindings as error:
            raise BadFindings(f"{name}, {mistake}" for mistake in error.mistakes) from None
    read = read_findings(name, content, law=law, level=options.level, mapping=asked.mapping, words=asked.words)
    _need_both(name, options, read.level)
    assessment = replace(options.read({}, law, today), findings=read.findings, notices=read.notices)
    return assessment, asked.over(Profile.of(read.columns, {}))


def _need_both(name: str, options: Options, seen: Level | None) -> None:
    """Refuse to guess what decides over the outcome, even where the ids suggest it."""
    level = "--level 1, 2 or 3" if seen is None else f"--level {seen.value}, if its ids are right"
    missing = [
        f"{name}: a findings file does not say {what}; add {mend}"
        for value, what, mend in (
            (options.level, "which level was assessed", level),
            (options.path, "who assessed", "--path Self, C3PAO or DIBCAC"),
        )
        if value is None
    ]
    if missing:
        raise BadFindings(missing)
