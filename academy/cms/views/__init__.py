"""Pages that are no pages of the editors: what machines look for at the root, and the plans of the academy."""
