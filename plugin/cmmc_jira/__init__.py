"""CMMC findings as Jira issues, with the status they add up to."""
