"""Cassettes as JSON, as vcrpy's ``serializer="json"`` lays them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handlesfake.errors import CassetteError
from handlesfake.files.strict_yaml import as_text, read

SUFFIX = ".json"
"""A cassette whose name ends so is JSON; every other one is YAML."""


def as_json(text: str, path: Path) -> str:
    """The YAML ``text`` of one of our cassettes as JSON, for the file at ``path``.

    :raises CassetteError: a body is no text: vcrpy's JSON has no way to say so.
    """
    document = read(text, as_text).root
    document["version"] = int(document["version"])
    for interaction in document["interactions"]:
        status = interaction["response"]["status"]
        status["code"] = int(status["code"])

    def refuse(value: Any) -> Any:
        raise CassetteError(
            f"{path}: a body of {len(value)} bytes is no text, and a JSON cassette can hold none.\n"
            f"  Name it {path.with_suffix('.yaml').name}: YAML can."
        )

    return json.dumps(document, indent=4, default=refuse) + "\n"
