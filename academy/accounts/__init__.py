"""Persons, organisations, memberships with roles, tokens and the doors of login."""
