"""Reading and writing JSON: RFC 8259 to the letter, nothing guessed, Chinese written as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, cast

from django.http import HttpRequest, RawPostDataException
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer


class UnreadableBody(HttpError):
    """The body is no JSON; the message says where it stops being one."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)


class StrictParser(Parser):
    """Refuses other media types, NaN and Infinity, a name that stands twice, and what nests without end."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        # Ninja also parses the pieces of multipart bodies with this; those carry no content type.
        if request.content_type and request.content_type != "application/json":
            raise UnreadableBody(415, _("Send the body as application/json."))
        try:
            return cast(
                dict[str, Any],
                json.loads(
                    request.body.decode(), parse_constant=_no_constant, object_pairs_hook=_unique_names
                ),
            )
        except json.JSONDecodeError as error:
            message = _("This is not JSON from line %(line)d, column %(column)d on.")
            raise UnreadableBody(400, message % {"line": error.lineno, "column": error.colno}) from error
        except UnicodeDecodeError as error:
            raise UnreadableBody(400, _("The body is not UTF-8.")) from error
        except RecursionError as error:
            raise UnreadableBody(400, _("The body is nested too deeply.")) from error
        except RawPostDataException as error:
            raise UnreadableBody(400, _("The body cannot be read.")) from error
        except ValueError as error:  # more digits than Python turns into a number
            raise UnreadableBody(400, _("The body holds a number that is too large.")) from error


def _no_constant(name: str) -> NoReturn:
    raise UnreadableBody(400, _("%(name)s is not a JSON number.") % {"name": name})


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableBody(400, _("A name stands twice in the same object."))
    return found


class ReadableRenderer(JSONRenderer):
    """Chinese as characters: half the size of escapes."""

    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})
