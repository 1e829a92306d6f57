"""The API's door: personal tokens with scopes, beside the session."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions

from academy.core import clock

from .middleware import lacks_second_factor
from .models import ApiToken

READ, WRITE = "read", "write"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer academy_…`; the token itself becomes `request.auth`."""

    def authenticate(self, request):
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = ApiToken.objects.for_secret(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or withdrawn."))
        if lacks_second_factor(token.person):
            raise exceptions.AuthenticationFailed(_("Your role needs two-step login. Set it up first."))
        if token.last_used_at is None or (clock.now() - token.last_used_at).total_seconds() > 60:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
        if "Accept-Language" not in request.headers:  # a program rarely says; its owner did
            translation.activate(token.person.preferred_language)
        return token.person, token

    def authenticate_header(self, request) -> str:
        return "Bearer"


class TokenScope(permissions.BasePermission):
    """A token may only do what its scopes say; a session may do what the person may."""

    message = _("This token may not do this.")

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        needed = READ if request.method in permissions.SAFE_METHODS else WRITE
        return needed in request.auth.scopes


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the schema about the token."""

    target_class = TokenAuthentication
    name = "personalToken"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
