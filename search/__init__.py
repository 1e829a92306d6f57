"""Finding things: one contract, one Dutch and English analysis, several engines."""
