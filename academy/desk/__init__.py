"""Mijn academie: shows what the rooms register and knows none of their tables."""
