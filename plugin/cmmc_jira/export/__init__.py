"""Facts to text and bytes. Pure."""
