"""Vectors of meaning, computed in the terminal with a bar."""

from __future__ import annotations

from gettext import gettext as _

from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.vectors import NoVectors, Step, refresh
from ronglian.cli.output import console, progress_bar

# Records between two writings of the file: whoever stops the command loses no more.
AT_A_TIME = 500


def compute_vectors() -> Step:
    """Compute the vectors of all records that have none; says where none can be computed."""
    done, step = 0, Step(0, 0)
    try:
        with progress_bar(_("vectors")) as advance:
            while True:
                step = refresh(keeper.folder, advance, at_a_time=AT_A_TIME)
                done += step.done
                if not step.waiting:
                    break
    except NoVectors as error:
        console(errors=True).print(_("Without vectors of meaning: {error}").format(error=error))
    return Step(done, step.waiting)
