"""Pages of the site, the approval of their changes, and settings."""

from .approval import SecondEditorTask
from .home import HomePage
from .news import NewsIndexPage, NewsPage
from .settings import SiteSettings
from .standard import StandardPage

__all__ = ["HomePage", "NewsIndexPage", "NewsPage", "SecondEditorTask", "SiteSettings", "StandardPage"]
