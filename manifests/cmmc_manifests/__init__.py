"""What a Jira site must hold for the product to work, as data."""
