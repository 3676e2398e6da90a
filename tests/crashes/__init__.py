"""Every crash point of a run: the same end of a story told again and again, cut off at each outside effect in turn."""
