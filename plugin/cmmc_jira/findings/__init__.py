"""Findings files of any layout, read into findings."""
