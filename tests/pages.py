"""Tables of the documentation, so that tests can compute them again."""

from pathlib import Path


def table_of(page: Path, first_header: str) -> list[list[str]]:
    """The cells below the header of the first table whose header begins so."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {first_header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
