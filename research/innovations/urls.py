"""Addresses of innovations; put together from the parts of the room."""

# LEAD: temporary while the views are being written; every module of views/ with urlpatterns is taken by itself.
from importlib import import_module
from pkgutil import iter_modules

from django.http import HttpResponse
from django.urls import include, path
from django.utils.translation import pgettext_lazy

from . import addresses  # noqa: F401  registers the converter `innovation`
from . import views

app_name = "innovations"
_parts: list = []
for _module in sorted(iter_modules(views.__path__), key=lambda m: m.name):
    try:
        _parts += getattr(import_module(f"{views.__name__}.{_module.name}"), "urlpatterns", [])
    except Exception as error:  # noqa: BLE001
        print("views", _module.name, "not usable yet:", repr(error)[:200])
_taken = {one.name for one in _parts}
_parts += [
    path(f"pending/{name}/<path:number>", lambda request, **k: HttpResponse("pending"), name=name)
    for name in ("innovation", "history", "document", "step", "similar", "assess", "open_gate", "decide", "outcome")
    if name not in _taken
]
_parts += [
    path(f"pending/{name}/", lambda request, **k: HttpResponse("pending"), name=name)
    for name in "portfolio list board horizons stalled gates ended dependencies fte put_in mine intake steering".split()
    if name not in _taken
]
urlpatterns = [path(pgettext_lazy("path", "innovations/"), include(_parts))]
