"""The public addresses."""

from django.urls import path

from ronglian.web.views import catalogue, exports, home, lists, log, matches, quality, records, training

urlpatterns = [
    path("", home.show_home, name="home"),
    path("search/", lists.search_everything, name="search"),
    path("results/", lists.list_kind, {"kind": "results"}, name="results"),
    path("needs/", lists.list_kind, {"kind": "needs"}, name="needs"),
    path("experts/", lists.list_kind, {"kind": "experts"}, name="experts"),
    path("scenes/", lists.list_kind, {"kind": "scenes"}, name="scenes"),
    path("organisations/", lists.list_organisations_page, name="organisations"),
    path("results/<uuid:public_id>/", records.show_record, {"kind": "results"}, name="result"),
    path("needs/<uuid:public_id>/", records.show_record, {"kind": "needs"}, name="need"),
    path("experts/<uuid:public_id>/", records.show_record, {"kind": "experts"}, name="expert"),
    path("scenes/<uuid:public_id>/", records.show_record, {"kind": "scenes"}, name="scene"),
    path("organisations/<uuid:public_id>/", records.show_organisation, name="organisation"),
    path("needs/<uuid:public_id>/matches/", matches.list_need_matches, name="need-matches"),
    path("results/<uuid:public_id>/matches/", matches.list_result_matches, name="result-matches"),
    path("needs/<uuid:need_id>/matches/<uuid:result_id>/", matches.show_match, name="match"),
    path("needs/<uuid:public_id>/deadline.ics", catalogue.need_deadline, name="need-deadline"),
    path("log/", log.show_log, name="log"),
    path("about/", catalogue.show_about, name="about"),
    path("data/", catalogue.show_data, name="data"),
    path("quality/", quality.show_quality, name="quality"),
    path("quality/lists/<slug:name>/", quality.show_list, name="quality-list"),
    path("quality/model-card/", quality.show_model_card, name="model-card"),
    path("quality/learning/", training.show_runs, name="training"),
    path("quality/learning/propose/", training.propose, name="training-propose"),
    path("quality/learning/<uuid:public_id>/activate/", training.activate, name="training-activate"),
    path("quality/learning/<uuid:public_id>/revert/", training.revert, name="training-revert"),
    path("catalogue.jsonld", catalogue.catalogue_jsonld, name="catalogue"),
    path("robots.txt", catalogue.robots, name="robots"),
    path("<slug:kind>.<slug:file_format>", exports.export_list, name="export"),
    path("health", catalogue.health, name="health"),
]
