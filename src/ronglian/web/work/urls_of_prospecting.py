"""The addresses of surveys along a chain, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import surveys

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
]
