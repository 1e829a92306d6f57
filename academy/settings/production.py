"""A hospital's server. Refuses to start when something it needs is missing or unsafe, naming every reason at once."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DEFAULT_FROM_EMAIL, SITE_URL, env


def reasons() -> list[str]:
    """Why this environment may not serve; empty when it may."""
    hosts, host = env.list("ALLOWED_HOSTS", []), urlsplit(SITE_URL).hostname
    invented = DEFAULT_FROM_EMAIL.endswith(("@example.org", "@example.org>"))
    checks = {
        "SECRET_KEY is missing or shorter than 40 characters": len(env.str("SECRET_KEY", "")) >= 40,
        "DATABASE_URL must name a PostgreSQL database": env.str("DATABASE_URL", "").startswith("postgres"),
        "EMAIL_URL is missing: nobody could confirm an e-mail address": env.str("EMAIL_URL", ""),
        "DEFAULT_FROM_EMAIL is missing: mails would come from an address that does not exist": not invented,
        "SITE_URL must begin with https://": SITE_URL.startswith("https://"),
        "ALLOWED_HOSTS must list the host names of this site": hosts and "*" not in hosts,
        "ALLOWED_HOSTS must contain the host name of SITE_URL": not hosts or "*" in hosts or host in hosts,
        "TRUSTED_PROXIES is missing: how many proxies stand before this process (0 for none)": env.str(
            "TRUSTED_PROXIES", ""
        ),
    }
    return [reason for reason, holds in checks.items() if not holds]


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
