"""The steps by which the schema of an older version becomes the present one, carried out by Alembic.

A new step is a file in `versions`. The tables that all of them lead to stand in `tables.py`, with the last one's name.
"""
