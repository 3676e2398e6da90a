"""What holds for all tests: how long a machine takes for an example is no property of the product."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
