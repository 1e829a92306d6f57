"""Kept files as downloads."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.cache import patch_cache_control


def as_download(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The exact bytes, as a download that no cache keeps and no browser interprets."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:  # the row outlived its file, as after a backup that was put back by half
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response
