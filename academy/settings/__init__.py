"""Settings by environment; `module()` names the one that `ACADEMY_ENV` chooses (development when it is not set)."""

import os


def module() -> str:
    """The dotted name of the settings module of this process; unknown environments fail with the import."""
    return f"academy.settings.{os.environ.get('ACADEMY_ENV', 'development')}"
