"""The law of CMMC as dated, cited data and pure functions over it."""
