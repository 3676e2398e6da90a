"""Look, decide, do: the loop that writes, and what wakes it."""
