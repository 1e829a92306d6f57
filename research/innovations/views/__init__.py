"""Pages of innovations."""
