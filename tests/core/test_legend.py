"""A text that names a field says what this Jira calls it, where the project gave it another name."""

from cmmc_jira.core.issues import Kind, Said, Wanted
from cmmc_jira.core.legend import explained, said_here
from cmmc_jira.core.remediation import NOTES_LINE

RENAMED = {"Closeout Affirmed On": "Affirmed [closeout]", "Target Reassessment": "Next audit", "Affirmed On": "Yearly"}


def said(body: str) -> str:
    return said_here(Said("x", body, ""), RENAMED).body


def test_each_field_that_is_named_is_explained_once_and_no_other() -> None:
    text = "Enter Target Reassessment. Without Target Reassessment nothing has a date.\n"
    assert said(text) == f"{text}\n{{color:#6b778c}}In this Jira Target Reassessment is Next audit.{{color}}\n"


def test_the_longest_name_is_meant_and_what_is_typed_into_jira_is_escaped() -> None:
    assert said("Enter Closeout Affirmed On.").endswith(
        "In this Jira Closeout Affirmed On is Affirmed \\[closeout\\].{color}\n"
    )


def test_a_text_that_names_none_stays_as_it_is() -> None:
    assert said("Enter Closeout Booked on CMMC-1.") == "Enter Closeout Booked on CMMC-1."
    issue = Wanted(Kind.STATUS, "status", {}, description="Target Reassessment")
    assert explained(issue, {}) is issue


def test_the_explanation_stands_above_the_line_below_which_people_write() -> None:
    text = f"Enter Target Reassessment.\n\n----\n{NOTES_LINE}\n"
    issue = explained(Wanted(Kind.REMEDIATION, "AC.L2-3.1.3", {}, description=text), RENAMED)
    block, _, below = issue.description.partition(f"\n----\n{NOTES_LINE}")
    assert block.endswith("In this Jira Target Reassessment is Next audit.{color}\n")
    assert below == "\n"
