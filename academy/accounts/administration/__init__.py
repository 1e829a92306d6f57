"""The part of Wagtail's admin in which administrators keep people, roles and organisations, and auditors read."""
