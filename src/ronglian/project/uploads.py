"""Files on their way in: counted while they arrive, and no longer kept once they are larger than any may be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CountingHandler(TemporaryFileUploadHandler):
    """Keeps at most UPLOAD_LIMIT_BYTES of a file on disk, whatever length the request claims.

    The `size` of the file is what was sent, so whoever takes it over can say that it is too large.
    """

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_LIMIT_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return super().file_complete(self.received)
