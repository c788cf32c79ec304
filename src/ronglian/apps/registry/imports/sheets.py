"""Reading .xlsx in a child process with little memory and little time: a workbook can be built to exhaust both."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Generator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.imports.texts import Line

LONGEST_SECONDS = 60
CHILD = "ronglian.apps.registry.imports.sheet_child"


def read_sheet_lines(path: Path, *, seconds: float = LONGEST_SECONDS) -> Generator[Line, None, None]:
    """The rows of all sheets, one sheet after the other. Raises FileProblem when the workbook cannot be read."""
    command = [sys.executable, "-m", CHILD, str(path)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own module
    overdue = threading.Event()

    def end() -> None:
        overdue.set()
        child.kill()

    timer = threading.Timer(seconds, end)
    timer.start()
    finished = False
    try:
        assert child.stdout is not None
        sheet = ""
        for text in child.stdout:
            message = json.loads(text)
            if "problem" in message:
                raise FileProblem(message["problem"], sheet=sheet)
            if "end" in message:
                finished = True
            elif "sheet" in message:
                sheet = message["sheet"]
            else:
                yield Line(sheet, message["row"], [_cell(cell) for cell in message["cells"]])
        if not finished:
            raise FileProblem("takes_too_long" if overdue.is_set() else "takes_too_much_memory", sheet=sheet)
    except json.JSONDecodeError as error:  # the child was ended in the middle of a line
        raise FileProblem(
            "takes_too_long" if overdue.is_set() else "takes_too_much_memory", sheet=sheet
        ) from error
    finally:
        timer.cancel()
        child.kill()
        assert child.stdout is not None
        child.stdout.close()
        child.wait()


def _cell(value: Any) -> Any:
    """Dates travel as {"date": …}, everything else as itself."""
    if isinstance(value, dict):
        moment = datetime.fromisoformat(value["date"])
        return date(moment.year, moment.month, moment.day) if "T" not in value["date"] else moment
    return value
