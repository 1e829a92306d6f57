"""Ratios within one run: what a piece of the academy costs beside the least that it could cost."""
