"""Records for tests: each factory makes the smallest one that is right, without surprises."""

from .courses import allotment, course, run, session, track
from .people import member, organisation, person, unit

__all__ = ["allotment", "course", "member", "organisation", "person", "run", "session", "track", "unit"]
