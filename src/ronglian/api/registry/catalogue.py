"""Where the open data are described."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest
from ronglian.api.registry.kinds import KINDS

router = Router(tags=["catalogue"])


class DatasetShown(BaseModel):
    """One open data set."""

    name: str = Field(examples=["results"])
    address: str = Field(description="The list in this API.")


class CatalogueShown(BaseModel):
    """The catalogue and its data sets."""

    dcat: str = Field(description="The DCAT catalogue (JSON-LD).")
    documentation: str
    datasets: list[DatasetShown]


@router.get(
    "", response=CatalogueShown, operation_id="get_catalogue", summary="Where the open data are described"
)
def get_catalogue(request: ApiRequest) -> Any:
    """The address of the DCAT catalogue and of each data set."""
    root = request.build_absolute_uri("/api/v1")
    return CatalogueShown(
        dcat=request.build_absolute_uri(reverse("catalogue")),
        documentation=request.build_absolute_uri(reverse("api-docs")),
        datasets=[DatasetShown(name=kind.plural, address=f"{root}/{kind.plural}") for kind in KINDS],
    )
