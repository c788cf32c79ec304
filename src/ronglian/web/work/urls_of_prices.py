"""The addresses of prices and price supports, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import price_supports, prices

screens: list[URLPattern] = [
    path("prices/", prices.list_all, name="prices"),
    path("prices/new/", prices.begin, name="price-new"),
    path("prices/support/new/", price_supports.begin, name="price-support-new"),
    path("prices/support/<uuid:public_id>/", price_supports.show, name="price-support"),
    path("prices/<uuid:public_id>/", prices.show, name="price"),
    path("prices/<uuid:public_id>/notice/", prices.notice, name="price-notice"),
    path("prices/<uuid:public_id>/offer/", prices.offer, name="price-offer"),
    path("prices/<uuid:public_id>/settle/", prices.settle, name="price-settle"),
    path("prices/<uuid:public_id>/withdraw/", prices.withdraw, name="price-withdraw"),
    path("prices/<uuid:public_id>/object/", prices.object_to, name="price-object"),
    path("prices/<uuid:public_id>/objections/<uuid:objection_id>/", prices.answer, name="price-answer"),
    path("contracts/<uuid:public_id>/price/", prices.name_for_contract, name="contract-price"),
]
