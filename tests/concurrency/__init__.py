"""Threads with connections of their own, on SQLite (a file) and PostgreSQL."""
