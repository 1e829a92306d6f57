"""Pillars, goals, programmes, roadmap and document chain, as records."""
