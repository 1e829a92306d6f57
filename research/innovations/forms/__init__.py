"""The form of an innovation: its steps and what is their own; see `academy.core.editing` for what every form does."""
