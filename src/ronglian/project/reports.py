"""Reports of faults: of a request that carries what is to be sealed they show neither what was sent nor any variable."""

from __future__ import annotations

from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class SealingFilter(SafeExceptionReporterFilter):
    """Hides every variable of every frame where the view said `sensitive_post_parameters()`, while developing, too."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return _is_sealed(request) or bool(super().is_active(request))

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        if _is_sealed(request):
            return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
        return super().get_traceback_frame_variables(request, tb_frame)


class SealingReporter(ExceptionReporter):
    """Leaves out the names of files, too, which Django's filter does not reach."""

    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_traceback_data()
        return data | {"request_FILES_items": ()} if _is_sealed(self.request) else data


def _is_sealed(request: HttpRequest | None) -> bool:
    return getattr(request, "sensitive_post_parameters", None) == "__ALL__"
