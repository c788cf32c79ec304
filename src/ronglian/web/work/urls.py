"""The addresses under /work/: `work` is the page, `work:…` the screens behind it.

`kind` is results, needs, experts or scenes; actions on a record are POST to `work:publish`, `work:withdraw`,
`work:confirm` with kind and public id.
"""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from ronglian.web.presenters.kinds import KINDS
from ronglian.web.work import (
    urls_of_cases,
    urls_of_challenges,
    urls_of_contracts,
    urls_of_prices,
    urls_of_prospecting,
    urls_of_rights,
    urls_of_services,
    urls_of_showings,
)
from ronglian.web.work.views import (
    actions,
    agreements,
    assignments,
    attention,
    clinic,
    drafting,
    drafts,
    duplicates,
    home,
    hours,
    import_files,
    imports,
    organisations,
    own,
    people,
    pools,
    readers,
    records,
    searches,
    technology_managers,
    tokens,
    triage,
)


class KindConverter:
    """The name of a kind of record, as in the public addresses."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TriagedConverter(KindConverter):
    """What a technology manager decides about."""

    regex = "consultation|need"


register_converter(KindConverter, "kind")
register_converter(TriagedConverter, "triaged")

screens: list[URLPattern | URLResolver] = [
    path("<kind:kind>/new/", records.new_record, name="new"),
    path("<kind:kind>/<uuid:public_id>/edit/", records.change_record, name="edit"),
    path("<kind:kind>/<uuid:public_id>/publish/", actions.publish, name="publish"),
    path("<kind:kind>/<uuid:public_id>/withdraw/", actions.withdraw, name="withdraw"),
    path("<kind:kind>/<uuid:public_id>/confirm/", actions.confirm, name="confirm"),
    path("<kind:kind>/<uuid:public_id>/sign/", agreements.sign, name="sign"),
    path("<kind:kind>/<uuid:public_id>/readers/", readers.show_readers, name="readers"),
    path("<kind:kind>/<uuid:public_id>/annex/", readers.save_annex, name="annex"),
    path("<kind:kind>/<uuid:public_id>/annex/readers/", readers.name_reader, name="annex-reader"),
    path("<kind:kind>/<uuid:public_id>/annex/readers/end/", readers.end_reader, name="annex-end"),
    path("<kind:kind>/<uuid:public_id>/verify/", actions.verify, name="verify"),
    path("conflicts/", own.conflicts, name="conflicts"),
    path("conflicts/<uuid:public_id>/end/", own.end, name="end-conflict"),
    path("account/", own.account, name="account"),
    path("account/data.json", own.download, name="my-data"),
    path("people/", people.show_people, name="people"),
    path("people/<uuid:public_id>/office/", people.office, name="office"),
    path("people/<uuid:public_id>/suspend/", people.suspend, name="suspend"),
    path("people/<uuid:public_id>/restore/", people.restore, name="restore"),
    path("agreements/", agreements.list_agreements, name="agreements"),
    path("agreements/<uuid:public_id>/", agreements.show_agreement, name="agreement"),
    path("agreements/<uuid:public_id>/grant/", agreements.grant, name="grant"),
    path("agreements/<uuid:public_id>/decline/", agreements.decline, name="decline"),
    path("agreements/<uuid:public_id>/revoke/", agreements.revoke, name="revoke"),
    path("<kind:kind>/metrics/", records.preview_metrics, name="metrics"),
    path("<kind:kind>/draft/", drafts.keep, name="keep-draft"),
    path("drafts/<uuid:public_id>/drop/", drafts.drop, name="drop-draft"),
    path("organisations/new/", organisations.new_organisation, name="new-organisation"),
    path("organisations/<uuid:public_id>/", organisations.change_organisation, name="organisation"),
    path("organisations/<uuid:public_id>/members/", organisations.show_members, name="members"),
    path("organisations/<uuid:public_id>/members/end/", organisations.end_role, name="end-role"),
    path("tokens/", tokens.show_tokens, name="tokens"),
    path("tokens/<uuid:public_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("imports/", imports.upload, name="imports"),
    path("imports/template/<slug:kind>.<slug:file_format>", import_files.template, name="import-template"),
    path("imports/<uuid:public_id>/", imports.show_import, name="import"),
    path("imports/<uuid:public_id>/columns/", imports.map_columns, name="import-columns"),
    path("imports/<uuid:public_id>/apply/", imports.apply, name="import-apply"),
    path("imports/<uuid:public_id>/cancel/", imports.cancel, name="import-cancel"),
    path("imports/<uuid:public_id>/report.<slug:file_format>", import_files.report, name="import-report"),
    path("clinic/", clinic.show_clinic, name="clinic"),
    path("clinic/<uuid:public_id>/", clinic.show_consultation, name="consultation"),
    path("clinic/<uuid:public_id>/words/", clinic.tell, name="tell"),
    path("clinic/<uuid:public_id>/answer/", clinic.answer, name="answer"),
    path("clinic/<uuid:public_id>/acceptance/", clinic.keep_acceptance, name="acceptance"),
    path("clinic/<uuid:public_id>/register/", clinic.register, name="register-consultation"),
    path("clinic/<uuid:public_id>/close/", clinic.close, name="close-consultation"),
    path("clinic/<uuid:public_id>/drafting/", drafting.ask, name="drafting-ask"),
    path("suggestions/<uuid:public_id>/decide/", drafting.decide, name="suggestion-decide"),
    path("assignments/", assignments.show_assignments, name="assignments"),
    path("assignments/propose/", assignments.propose, name="assignments-propose"),
    path("assignments/confirm/", assignments.confirm, name="assignments-confirm"),
    path("assignments/<uuid:public_id>/decline/", assignments.decline, name="assignment-decline"),
    path("manager/", technology_managers.own_entry, name="manager"),
    path("manager/pause/", technology_managers.pause, name="manager-pause"),
    path("manager/leave/", technology_managers.leave, name="manager-leave"),
    path("manager/certificates/", technology_managers.certificate, name="certificate"),
    path("certificates/<uuid:public_id>/drop/", technology_managers.drop, name="certificate-drop"),
    path("certificates/<uuid:public_id>/verify/", technology_managers.verify, name="certificate-verify"),
    path("register/", technology_managers.register, name="register"),
    path("register/performance/", technology_managers.performance, name="register-performance"),
    path("register/<uuid:public_id>/confirm/", technology_managers.confirm, name="register-confirm"),
    path("register/<uuid:public_id>/end/", technology_managers.end, name="register-end"),
    path("needs/<uuid:public_id>/attention/", attention.attend, name="attend"),
    path("searches/", searches.show_searches, name="searches"),
    path("searches/save/", searches.save, name="save-search"),
    path("searches/<uuid:public_id>/", searches.change, name="change-search"),
    path("searches/<uuid:public_id>/drop/", searches.drop, name="drop-search"),
    path("organisations/<uuid:public_id>/digest/", searches.digest, name="digest"),
    path("common-needs/", pools.list_all, name="pools"),
    path("common-needs/<uuid:public_id>/", pools.show_pool, name="pool"),
    path("common-needs/<uuid:public_id>/invite/", pools.invite, name="pool-invite"),
    path("common-needs/<uuid:public_id>/close/", pools.close, name="pool-close"),
    path("common-needs/<uuid:public_id>/join/", pools.join, name="pool-join"),
    path("common-needs/<uuid:public_id>/decline/", pools.decline, name="pool-decline"),
    path("common-needs/<uuid:public_id>/word/", pools.word, name="pool-word"),
    path("common-needs/<uuid:public_id>/approve/", pools.approve, name="pool-approve"),
    path("common-needs/<uuid:public_id>/publish/", pools.publish, name="pool-publish"),
    path("common-needs/<uuid:public_id>/leave/", pools.leave, name="pool-leave"),
    path("clinic/<uuid:public_id>/show/", triage.show, name="show-consultation"),
    path("hours/", hours.show_hours, name="hours"),
    path("hours/<uuid:public_id>/withdraw/", hours.withdraw, name="withdraw-slot"),
    path("hours/<uuid:public_id>/book/", hours.book, name="book"),
    path("bookings/<uuid:public_id>/", hours.show_booking, name="booking"),
    path("bookings/<uuid:public_id>/move/", hours.move, name="booking-move"),
    path("bookings/<uuid:public_id>/cancel/", hours.cancel, name="booking-cancel"),
    path("bookings/<uuid:public_id>/minutes/", hours.minutes, name="booking-minutes"),
    path("bookings/<uuid:public_id>/clinic-hour.ics", hours.calendar, name="booking-calendar"),
    path("triage/", triage.list_waiting, name="triage-list"),
    path("triage/<triaged:kind>/<uuid:public_id>/", triage.decide, name="triage"),
    path("triage/<uuid:public_id>/object/", triage.object_to, name="triage-object"),
    path("needs/<uuid:public_id>/check/", triage.check, name="check"),
    path("checks/<uuid:public_id>/dispute/", triage.dispute, name="dispute"),
    *urls_of_cases.screens,
    *urls_of_challenges.screens,
    *urls_of_contracts.screens,
    *urls_of_prices.screens,
    *urls_of_prospecting.screens,
    *urls_of_rights.screens,
    *urls_of_services.screens,
    *urls_of_showings.screens,
    path("duplicates/", duplicates.list_pairs, name="duplicates"),
    path("duplicates/<uuid:public_id>/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:public_id>/keep-apart/", duplicates.keep_two, name="keep-apart"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show_work, name="work"),
    path("", include((screens, "work"))),
]
