"""Where a file was looked for: a relative path counts from the current folder, which the reader may not think of."""

from __future__ import annotations

import os
from pathlib import Path


def looked_in(path: Path) -> list[str]:
    """The line for a message about a missing ``path``; none for a path that says where it is."""
    return [] if path.is_absolute() else [f"  looked in: {os.path.normpath(Path.cwd() / path.parent)}"]
