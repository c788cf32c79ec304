"""One step on a page of work: call the operation and go back to the page, or show it with what refused it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.forms.refusals import add_refusal


def take_step(
    request: ActorRequest,
    call: Callable[[], object],
    refused: Callable[[int, OperationError | None], HttpResponse],
    done: str,
    to: tuple[str, *tuple[object, ...]],
    *,
    form: forms.Form | None = None,
    fields: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Call, say `done` and redirect to the screen `to` with its id, if it has one.

    `refused` shows the page with a status: 422 where the form cannot be read, else the operation's, whose error stands in
    the form (`fields` maps its attributes to the form's) or, without one, is handed on. What nobody may do is the site's to say.
    """
    if form is not None and not form.is_valid():
        return refused(422, None)
    try:
        call()
    except NotAllowed:
        raise
    except OperationError as error:
        if form is not None:
            add_refusal(form, error, fields)
        return refused(error.status, error)
    messages.success(request, done)
    return redirect(*to)
