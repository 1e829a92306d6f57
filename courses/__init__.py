"""Courses and tracks: catalogue, enrolment and certificates."""
