"""Background jobs for the tests of the worker."""

import time
from pathlib import Path

from django_tasks import task


@task()
def linger(folder: str) -> int:
    """The first run hangs until it is killed; a later one ends at once. Answers which run it was."""
    runs = Path(folder) / "runs"
    with runs.open("a", encoding="ascii") as file:
        file.write("x")
    number = len(runs.read_text(encoding="ascii"))
    if number == 1:
        time.sleep(120)
    return number
