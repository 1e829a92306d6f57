"""Pages of this room: the public check, the holder's own, the course manager's."""
