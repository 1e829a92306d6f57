"""A developer's machine and the demo: mail goes to /dev/mail/, and the demo logins exist."""

from .base import *  # noqa: F403
from .base import DATA_DIR, STORAGES, env, kept_secret

DEBUG = env.bool("DEBUG", False)
DEV_MAIL_PAGE = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "") or kept_secret("demo-password", 9)
# Compressing every file takes most of a minute, and nobody waits for bytes on one machine.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
