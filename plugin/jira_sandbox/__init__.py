"""A Jira over HTTP that knows nothing about CMMC: for try-outs, demos and tests."""
