"""A Jira sandbox, the service and people's doings in one process: the main job, to watch."""
