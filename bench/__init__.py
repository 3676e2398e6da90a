"""Figures side by side with something plain, measured in one run: `make bench`. No test depends on them."""
