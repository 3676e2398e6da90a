"""What `doctor` looks at, check by check; each reads, and none writes to Jira."""
