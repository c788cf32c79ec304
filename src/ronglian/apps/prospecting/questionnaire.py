"""The questionnaires of the check-up, from the data folder beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from ronglian.engines.diagnosis.checkup import Questionnaire, read_questionnaire

FOLDER = "questionnaires"


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """All of them by version, the oldest first."""
    folder = files("ronglian.apps.prospecting").joinpath(FOLDER)
    told = [
        yaml.safe_load(each.read_text(encoding="utf-8"))
        for each in folder.iterdir()
        if each.name.endswith(".yaml")
    ]
    read = sorted((read_questionnaire(each) for each in told), key=lambda each: each.valid_from)
    return {each.version: each for each in read}


def questionnaire_on(day: date) -> Questionnaire:
    """The one that holds on the day; before the first, the first."""
    known = list(questionnaires().values())
    valid = [each for each in known if each.valid_from <= day]
    return valid[-1] if valid else known[0]
