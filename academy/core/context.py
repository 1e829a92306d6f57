"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from . import navigation
from .translation import current

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, object]:
    """Name, language, theme and navigation of the site."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "language": current(),
        "theme": theme if theme in THEMES else "auto",
        "navigation": navigation.main(request),
        "other_language": navigation.other_language(request),
        "dev_mail_page": settings.DEV_MAIL_PAGE,
    }
