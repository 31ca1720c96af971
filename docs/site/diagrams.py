"""The diagrams of the pages, drawn beforehand: a page of the site shows them without JavaScript, and offline.

::

    tox -e diagrams                    # draws those that have changed; needs Node and a Chromium

A diagram is called by the digest of its source, so that one that has changed is missing until it is drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from docs.site import pages

FOLDER = Path(__file__).parent / "diagrams"
_BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.M | re.S)
_IMAGES = """\
````{{container}} diagram
```{{image}} /diagrams/{name}-light.svg
:class: only-light
:alt: {alt}
```
```{{image}} /diagrams/{name}-dark.svg
:class: only-dark
:alt: {alt}
```
````"""


def drawn(text: str) -> str:
    """``text`` of a page with images where it has the source of diagrams.

    :raises FileNotFoundError: a diagram has changed, and was not drawn.
    """

    def image(found: re.Match[str]) -> str:
        name = _name(found[1])
        if not (FOLDER / f"{name}-light.svg").exists():
            raise FileNotFoundError(f"A diagram is not drawn as it is now. Draw it:  tox -e diagrams\n{found[0]}")
        return _IMAGES.format(name=name, alt=f"Diagram: {pages.title(text)}")

    return _BLOCK.sub(image, text)


def sources() -> dict[str, str]:
    """Each diagram of the pages by its name."""
    texts = [(pages.ROOT / source).read_text(encoding="utf-8") for source in pages.sources()]
    return {_name(source): source for text in texts for source in _BLOCK.findall(text)}


def _name(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def draw(modules: Path) -> None:
    """Draw what is missing, and remove what no page has any more.

    :param modules: a folder in which npm has installed mermaid and playwright-core.
    """
    wanted = sources()
    for path in FOLDER.glob("*.svg"):
        if path.name.rpartition("-")[0] not in wanted:
            path.unlink()
    missing = {name: text for name, text in wanted.items() if not (FOLDER / f"{name}-dark.svg").exists()}
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if missing and not browser:
        sys.exit("docs.site.diagrams: no Chromium on PATH, and the variable CHROMIUM names none.")
    script = FOLDER.parent / "draw.mjs"
    if missing:
        subprocess.run(  # noqa: S603 - our own script
            ["node", str(script), str(browser), str(FOLDER)],  # noqa: S607 - Node as PATH has it
            input=json.dumps(missing),
            text=True,
            cwd=modules,
            check=True,
        )
    sys.stdout.write(f"drawn: {', '.join(missing) or 'nothing, all of them are as the pages have them'}\n")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
