"""The form of a study: its steps, and what its controls and lists have of their own; see `academy.core.editing`."""
