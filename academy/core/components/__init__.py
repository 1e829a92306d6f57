"""The blocks that pages are built of, as template tags with declared arguments; one module per subject."""
