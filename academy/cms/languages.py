"""Pages in two languages: a tree per language, and the other language where a translation is missing."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester
from wagtail.url_routing import RouteResult

from academy.core.errors import Refused
from academy.core.translation import current


class Untranslated(Refused):
    """A translation still has the text of the other language."""

    code = "untranslated"
    message = _("This page still has the text of the other language. Translate it first.")


class EditorsRights(PagePermissionTester):
    """Publishing is the end of the workflow; holding back what was scheduled is for whoever may change the page."""

    def can_unschedule(self) -> bool:
        return self.user.is_active and "change" in self.permissions


class TwoLanguages(Page):
    """What all our pages share: where they are in the other language, and in which language they are shown."""

    # A translation is a draft of its own that is edited, approved and published like any page.
    localize_default_translation_mode = "simple"

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> EditorsRights:
        return EditorsRights(user, self)

    @property
    def language(self) -> str:
        return self.locale.language_code

    @cached_property
    def counterpart(self) -> Page | None:
        """The live, public page of the other language, or None."""
        pages = Page.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk)
        return pages.live().filter(view_restrictions=None).select_related("locale").first()

    def address_in(self, language: str, request: HttpRequest | None = None) -> str:
        """Where a reader of this language finds the page: the translation, or this page under that language."""
        if language == self.language:
            return self.get_url(request)
        if self.counterpart:
            return self.counterpart.get_url(request)
        parent = self.get_parent().specific
        return f"{parent.address_in(language, request)}{self.slug}/" if self.depth > 2 else f"/{language}/"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        shown_in = current()
        other = "en" if shown_in == "nl" else "nl"
        if not getattr(request, "is_preview", False):
            request.other_language_url = self.address_in(other, request)
        return context | {"is_fallback": self.language != shown_in}


class OtherLanguageBelow(Page):
    """A page below which a missing translation shows the page of the other language."""

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        try:
            return super().route(request, path_components)
        except Http404:
            page = self._untranslated_child(path_components)
            if page is None:
                raise
            return page.route(request, path_components[1:])

    def _untranslated_child(self, path_components: list[str]) -> Page | None:
        """The live page of this name in the other tree that has no live page in this one."""
        if not path_components:
            return None
        twins = Page.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk)
        twin = twins.live().first()
        child = twin and twin.get_children().live().filter(slug=path_components[0]).first()
        if not child or child.get_translations().live().filter(locale=self.locale_id).exists():
            return None
        return child.specific


class TranslatedText(TwoLanguages):
    """A page with a text: it does not go live while it is the copy that a translation starts from."""

    class Meta:
        abstract = True

    def is_untranslated_copy(self) -> bool:
        """Whether title and text are still those of the live page in the other language."""
        source = self.counterpart and self.counterpart.specific
        if not source or not self.body or self.language == source.language:
            return False
        return self.title == source.title and _words(self) == _words(source)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Publish, or refuse with `Untranslated`."""
        if revision.as_object().is_untranslated_copy():
            raise Untranslated
        return super().publish(revision, *args, **kwargs)


def _words(page: Any) -> list[Any]:
    """The text without the ids of its blocks, which differ between copies."""
    return [(block.block_type, block.block.get_prep_value(block.value)) for block in page.body]
