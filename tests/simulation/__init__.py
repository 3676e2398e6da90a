"""Whole histories in virtual time, chosen by a seed: the real core and service against the sandbox's state."""
