"""The addresses of surveys along a chain and of check-ups, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import checkups, surveys

screens: list[URLPattern] = [
    path("surveys/", surveys.show_surveys, name="surveys"),
    path("surveys/partners.csv", surveys.template, name="survey-template"),
    path("surveys/<uuid:public_id>/", surveys.show_survey, name="survey"),
    path("surveys/<uuid:public_id>/partners/", surveys.enter, name="survey-enter"),
    path("surveys/<uuid:public_id>/file/", surveys.enter_file, name="survey-file"),
    path("surveys/<uuid:public_id>/partners/<uuid:partner_id>/drop/", surveys.drop, name="survey-drop"),
    path("surveys/<uuid:public_id>/invite/", surveys.invite, name="survey-invite"),
    path("surveys/<uuid:public_id>/remind/", surveys.remind, name="survey-remind"),
    path("surveys/<uuid:public_id>/close/", surveys.close, name="survey-close"),
    path("surveys/<uuid:public_id>/lists/<slug:name>/", surveys.show_list, name="survey-list"),
    path("checkups/", checkups.show_checkups, name="checkups"),
    path("checkups/<uuid:public_id>/", checkups.fill_in, name="checkup"),
    path("checkups/<uuid:public_id>/report/", checkups.report, name="checkup-report"),
    path("checkups/<uuid:public_id>/bring/", checkups.bring, name="checkup-bring"),
]
