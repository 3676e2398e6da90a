"""The two kinds of Jira that a sandbox can be."""

CLOUD = "cloud"
DATACENTER = "datacenter"
FLAVOURS = (CLOUD, DATACENTER)
