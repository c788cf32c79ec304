"""What is done about a need that lies without an answer."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from ronglian.apps.clinic.attention_rules import may_attend, reads_attention
from ronglian.apps.clinic.enums import AttentionKind
from ronglian.apps.clinic.models.attention import NOTE_LIMIT
from ronglian.apps.clinic.operations.attention import note_attention
from ronglian.apps.clinic.queries.neglect import list_attention
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.owners import owner_line
from ronglian.web.presenters.pages import page_title
from ronglian.web.work.access import signed_in


class AttentionForm(forms.Form):
    """What was done, why, and what came of it."""

    kind = forms.ChoiceField(label=_lazy("What was done"), choices=AttentionKind.choices)
    note = forms.CharField(
        label=_lazy("Reason and outcome"), max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@signed_in
def attend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The log of what was done about a need, and one more line for it."""
    need = access_record(request.actor, Need, public_id)
    if not reads_attention(request.actor, need):
        raise NotFound
    form = AttentionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_attention(actor=request.actor, need=need, **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect("work:attend", public_id)
    context = {
        "title": page_title(need),
        "url": record_url(need),
        "owner": owner_line(request.actor, need),
        "notes": list_attention(need),
        "verdict": may_attend(request.actor, need),
        "form": form,
    }
    return render(request, "work/attend.html", context, status=422 if form.errors else 200)
