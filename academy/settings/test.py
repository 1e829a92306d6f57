"""Tests: nothing is kept, every process has a data folder of its own, mail stays in memory."""

import atexit
import os
import shutil
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="academy-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "for tests only")

from .base import *  # noqa: E402, F403
from .base import DATA_DIR, DATABASES, REST_FRAMEWORK  # noqa: E402

ENVIRONMENT = "test"
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEV_MAIL_PAGE = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO_PASSWORD = "demo password for tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
(DATA_DIR / "static").mkdir(exist_ok=True)  # WhiteNoise warns when the folder is missing, and warnings are errors
SEARCH_DRAIN_ON_COMMIT = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since threads of the race tests need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
