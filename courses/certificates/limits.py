"""How often one address may check certificates: the page and the API count together, in the shared cache."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle


class VerifyThrottle(SimpleRateThrottle):
    """Settings.RATE_LIMIT_VERIFY per client address; serves Django's requests and the API's alike."""

    scope = "verify"

    def get_rate(self) -> str:
        return settings.RATE_LIMIT_VERIFY

    def get_cache_key(self, request, view) -> str:
        # allauth knows which proxies to trust; a header that anybody may send would lift the limit.
        return self.cache_format % {"scope": self.scope, "ident": get_adapter().get_client_ip(request)}
