"""Uploads are stopped while they come in, not when they have filled the disk."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class SizeLimit(FileUploadHandler):
    """Lets go of a file that is larger than `largest` bytes, and notes it in `request.upload_too_large`.

    It stands before Django's own handlers, so that these keep nothing of the rest of the file.
    """

    def __init__(self, request: HttpRequest, largest: int) -> None:
        super().__init__(request)
        self._largest, self._octets = largest, 0
        request.upload_too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._octets = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._octets += len(raw_data)
        if self._octets > self._largest:
            self.request.upload_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
