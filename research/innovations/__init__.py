"""Innovations from first idea to daily use: the record, its gates and decisions, and the portfolio over all of them."""
