"""The API as a whole: router, error form, schema."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

from academy.core import idempotency
from academy.core.errors import DomainError
from academy.strategy.api import ProgrammeViewSet
from courses.catalogue.api import TrackViewSet
from courses.certificates.api import CertificateViewSet, VerifyView
from courses.enrolment.api import CourseViewSet, EnrolmentViewSet, RunViewSet
from research.innovations.api import InnovationViewSet
from research.studies.api import StudyViewSet
from search import registry
from search.api import SearchView, SuggestView
from search.contract import TYPE_FACET

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="course")
router.register("tracks", TrackViewSet, basename="track")
router.register("runs", RunViewSet, basename="run")
router.register("enrolments", EnrolmentViewSet, basename="enrolment")
router.register("certificates", CertificateViewSet, basename="certificate")
router.register("studies", StudyViewSet, basename="study")
router.register("innovations", InnovationViewSet, basename="innovation")
router.register("programmes", ProgrammeViewSet, basename="programme")
urlpatterns = [
    path("search/", SearchView.as_view(), name="search"),
    path("suggest/", SuggestView.as_view(), name="suggest"),
    path("certificates/verify/<path:token>", VerifyView.as_view(), name="verify"),
    *router.urls,
]

CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "not_allowed",
    404: "unknown",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def refusal_handler(error: Exception, context: dict) -> Response | None:
    """Every refusal as `{"code", "detail", "fields"}` in the person's language."""
    if isinstance(error, DomainError):
        return Response(_body(error.code, str(error), error.fields), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound(gettext_lazy("We could not find this."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _from_framework(error, response.status_code)
    return response


def _from_framework(error: exceptions.APIException, status_code: int) -> dict:
    code = CODES.get(status_code, "refused")
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return _body(code, _("Check the fields below."), fields)
    return _body(code, str(error.detail))


def is_ours(request: HttpRequest) -> bool:
    """Whether the address belongs to programs, which are answered in JSON whatever goes wrong."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/docs/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be understood at all, such as one with a host that is not ours."""
    if is_ours(request):
        return JsonResponse(_body("invalid", _("This request cannot be understood.")), status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist."""
    if is_ours(request):
        return JsonResponse(_body("unknown", _("We could not find this.")), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: the log knows what, the answer does not tell."""
    if is_ours(request):
        return JsonResponse(_body("server_error", _("Something went wrong on our side.")), status=500)
    return defaults.server_error(request)


def _body(code: str, detail: str, fields: dict | None = None) -> dict:
    body = {"code": code, "detail": detail}
    if fields:
        body["fields"] = {name: [str(problem) for problem in _as_list(problems)] for name, problems in fields.items()}
    return body


def _as_list(problems) -> list:
    return list(problems.values()) if isinstance(problems, dict) else list(problems)


def only_our_addresses(endpoints: list) -> list:
    """Keep the schema to /api/v1/: Wagtail's admin API is no part of it."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


REFUSAL = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "For people, in their language."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "What is wrong with which field.",
        },
    },
}


def what_all_share(result: dict, **_more) -> dict:
    """Add to the schema what no view says for itself: the form of refusals, idempotency keys, facets of the search."""
    result["components"]["schemas"]["Refusal"] = REFUSAL
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for verbs in result["paths"].values():
        for verb, operation in verbs.items():
            operation["responses"]["default"] = {"description": "A refusal", "content": content}
            if verb == "post":
                operation.setdefault("parameters", []).append(_parameter(idempotency.HEADER, "header", KEY))
    facets = [_parameter(spec.name, "query", SEVERAL) for spec in registry.facets() if spec.name != TYPE_FACET]
    result["paths"]["/api/v1/search/"]["get"]["parameters"] += facets
    return result


KEY = {"type": "string", "maxLength": idempotency.LONGEST}
SEVERAL = {"type": "array", "items": {"type": "string"}}


def _parameter(name: str, place: str, schema: dict) -> dict:
    return {"in": place, "name": name, "schema": schema}
