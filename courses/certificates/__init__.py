"""Certificates: award, rendering, verification, revocation."""
