"""The public pages of process definitions: what is done in which order, by whom, under what conditions, after what rule."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.kernel.process.rulebook import rulebook
from ronglian.web.asked import read_number
from ronglian.web.presenters import processes as presenter


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """All processes, those for challenges first."""
    today = timezone.localdate()
    found = sorted(rulebook().library, key=lambda each: (each.kind != "challenge", each.id))
    lines = [presenter.definition_line(each, today) for each in found]
    return render(request, "web/processes.html", {"lines": lines})


@require_safe
def show_page(request: HttpRequest, name: str) -> HttpResponse:
    """The picture, the steps, the numbers and the sources. `?version=` shows an older version."""
    version = request.GET.get("version", "")
    try:
        definition = rulebook().library.find(
            name,
            read_number(version, digits=4_000),  # Python reads no longer ones
        )
    except KeyError as error:
        raise Http404 from error
    context = {
        "definition": definition,
        "line": presenter.definition_line(definition, timezone.localdate()),
        "versions": sorted(rulebook().library.by_id[name], reverse=True),
        "picture": presenter.picture(definition),
        "rows": presenter.rows(definition),
        "reminders": presenter.reminders(definition),
        "parameters": presenter.parameters(definition),
        "sources": [
            (
                presenter.say(each.title),
                each.issuer,
                each.issued,
                each.place,
                presenter.say(each.note) if each.note else "",
            )
            for each in presenter.sources(definition)
        ],
        "parts": [
            (
                state.parts,
                presenter.say(state.name),
                presenter.say(rulebook().library.newest(state.parts).name),
            )
            for state in definition.states.values()
            if state.parts
        ],
    }
    return render(request, "web/process.html", context)
