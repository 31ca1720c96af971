"""The ready scenarios and their stories."""

from __future__ import annotations

from handlesfake.files.strict_yaml import decode, read_yaml
from handlesfake.rules.bundled import HERE, NAMES


def table() -> str:
    """One part for each scenario: what it is called, its story, and its rules."""
    return "\n".join(_part(name) for name in NAMES)


def _part(name: str) -> str:
    text = decode((HERE / f"{name}.yaml").read_bytes())
    story = read_yaml(text).root["story"]
    rules = text[text.index("rules:") :].rstrip("\n")
    return f"\n## ready/{name}\n\n{story}\n\n```yaml\n{rules}\n```"
