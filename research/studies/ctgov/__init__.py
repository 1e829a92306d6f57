"""Records of ClinicalTrials.gov API v2 in our words."""

from .mapping import SOURCE, Converted, convert

__all__ = ["SOURCE", "Converted", "convert"]
