"""A hospital's server. Refuses to start when something it needs is missing or unsafe, naming every reason at once."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, SITE_URL, env


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
    return wrong


if found := reasons():
    raise ImproperlyConfigured("The academy cannot start in production:\n" + "\n".join(f"- {r}" for r in found))

vars().update(env.dj_email_url("EMAIL_URL"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
