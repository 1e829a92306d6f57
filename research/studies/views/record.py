"""The page of a study."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def study_page(request: HttpRequest, number: str) -> HttpResponse:
    raise NotImplementedError


urlpatterns = [path("<study:number>/", study_page, name="study")]
