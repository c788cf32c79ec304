"""Which form a kind of record is typed into."""

from __future__ import annotations

from collections.abc import Mapping

from ronglian.web.work.forms.records import ExpertForm, NeedForm, RecordForm, ResultForm, SceneForm

FORMS: Mapping[str, type[RecordForm]] = {
    "results": ResultForm,
    "needs": NeedForm,
    "experts": ExpertForm,
    "scenes": SceneForm,
}
