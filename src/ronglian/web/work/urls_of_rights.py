"""The addresses of rights in service results and of the ledger of results, under /work/rights/."""

from django.urls import URLPattern, path

from ronglian.web.views import rights_notices
from ronglian.web.work.views import assets, rights

screens: list[URLPattern] = [
    path("rights/", rights.list_all, name="rights"),
    path("rights/new/<uuid:result_id>/", rights.begin, name="right-new"),
    path("rights/<uuid:public_id>/", rights.show, name="right"),
    path(
        "rights/<uuid:public_id>/agreement/<int:number>/<str:language>.<str:ending>",
        rights.get_file,
        name="right-file",
    ),
    *(
        path(f"rights/<uuid:public_id>/{step}/", view, name=f"right-{step}")
        for step, view in (
            ("withdraw", rights.withdraw),
            ("decide", rights.decide),
            ("notice", rights.notice),
            ("draw-up", rights.draw_up),
            ("sign", rights.sign),
            ("title", rights.title),
            ("end", rights.end),
            ("object", rights_notices.object_to),
        )
    ),
    path("rights/<uuid:public_id>/objections/<uuid:objection_id>/", rights.answer, name="right-objection"),
    path("rights/ledger/<uuid:public_id>/", assets.show_ledger, name="assets"),
    path("rights/ledger/<uuid:public_id>.csv", assets.get_file, name="assets-file"),
    path("rights/ledger/entries/<uuid:public_id>/", assets.show_entry, name="asset"),
    path("rights/ledger/entries/<uuid:public_id>/value/", assets.value, name="asset-value"),
    path("rights/ledger/entries/<uuid:public_id>/write-off/", assets.write_off, name="asset-write-off"),
]
