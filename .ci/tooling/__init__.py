"""What `make` runs: the virtual environment, Debian packages, the demo site, lint, translations.

`bootstrap`, `debian`, `environment` and `progress` run on the system's Python before anything is installed, so they
use the standard library only; the other modules run in the virtual environment.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
