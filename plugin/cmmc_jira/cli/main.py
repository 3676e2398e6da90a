"""The command `cmmc-jira`: its subcommands, loaded only when they are called, and one place for errors."""

from collections.abc import Mapping
from importlib import import_module

import click

from cmmc_jira.cli.output import complain
from cmmc_jira.errors import CmmcJiraError

INTERRUPTED = 130

COMMANDS: Mapping[str, tuple[str, str]] = {
    "evaluate": ("cmmc_jira.cli.evaluate:command", "Say what the rule makes of an assessment: status, score, why."),
    "explain": ("cmmc_jira.cli.explain:command", "Explain a requirement, a gate, a clock or a reason code."),
    "serve": ("cmmc_jira.cli.serve:command", "Take Jira's webhooks, keep looking, keep time."),
    "provision": ("cmmc_jira.cli.provision:command", "Make a Jira project ready: types, fields, screens, webhook."),
    "unpark": ("cmmc_jira.cli.unpark:command", "Say which assessments are parked, and have them tried again."),
    "doctor": ("cmmc_jira.cli.doctor:command", "Say what would stop the work, and how it is mended."),
    "demo": ("cmmc_jira.cli.demo:command", "Watch the main job on a Jira sandbox, with no account and no server."),
    "import": ("cmmc_jira.cli.importing:command", "Attach a findings file to an assessment issue."),
    "plan": ("cmmc_jira.cli.plan:command", "Show what would be written to Jira, and why."),
    "apply": ("cmmc_jira.cli.apply:command", "Bring Jira to what it should hold, without a service."),
    "status": ("cmmc_jira.cli.status:command", "Say how an assessment in Jira stands."),
    "export": ("cmmc_jira.cli.export:command", "Write the days of an assessment as a calendar file."),
    "sandbox": ("cmmc_jira.cli.sandbox:command", "Run a Jira to try things on, with no account."),
    "template": ("cmmc_jira.cli.template:command", "Write a blank findings file to fill in."),
}
"""Each subcommand: where it is found (`<module>:<attribute>`), and its line in the overview."""


class Commands(click.Group):
    """A group whose overview needs none of its subcommands' modules, and that turns our errors into sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand, loaded now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview of subcommands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; what a person must mend is told on standard error, a sentence a line."""
        try:
            return super().invoke(ctx)
        except CmmcJiraError as error:
            complain(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.command("cmmc-jira", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cmmc-jira", prog_name="cmmc-jira", message="%(prog)s %(version)s")
def main() -> None:
    """CMMC assessment findings as Jira issues, with the Conditional status and its 180-day closeout clock.

    \b
    Start with one of these:
      cmmc-jira template --level 2 -o findings.csv
      cmmc-jira evaluate findings.csv --level 2 --path Self
      cmmc-jira explain SC.L2-3.13.11
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
