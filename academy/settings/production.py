"""A hospital's server. Refuses to start when something it needs is missing or unsafe, naming every reason at once."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, DEFAULT_FROM_EMAIL, SITE_URL, env


def reasons() -> list[str]:
    """Why this environment may not serve; empty when it may."""
    wrong = []
    if len(env.str("SECRET_KEY", "")) < 40:
        wrong.append("SECRET_KEY is missing or shorter than 40 characters")
    if not env.str("DATABASE_URL", "").startswith("postgres"):
        wrong.append("DATABASE_URL must name a PostgreSQL database")
    if not env.str("EMAIL_URL", ""):
        wrong.append("EMAIL_URL is missing: nobody could confirm an e-mail address")
    if not SITE_URL.startswith("https://"):
        wrong.append("SITE_URL must begin with https://")
    if not env.list("ALLOWED_HOSTS", []) or "*" in ALLOWED_HOSTS:
        wrong.append("ALLOWED_HOSTS must list the host names of this site")
    elif urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
        wrong.append("ALLOWED_HOSTS must contain the host name of SITE_URL")
    if DEFAULT_FROM_EMAIL.endswith(("@example.org", "@example.org>")):
        wrong.append("DEFAULT_FROM_EMAIL is missing: mails would come from an address that does not exist")
    return wrong


if found := reasons():
    raise ImproperlyConfigured("The academy cannot start in production:\n" + "\n".join(f"- {r}" for r in found))

vars().update(env.dj_email_url("EMAIL_URL"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
SECOND_FACTOR_REQUIRED = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine next to it, over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
