"""From a template file to its templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handlesfake.files.placed import without_places
from handlesfake.files.settings_file import opened
from handlesfake.files.source import SettingsSource
from handlesfake.json_diff import short_json
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import UINT32, is_title_id
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.sessions.constants import OLD_INACTIVE_TIMEOUT, session_constants
from handlesfake.mpsd.sessions.known_names import CAPABILITIES
from handlesfake.mpsd.sessions.spelling import to_contract_107
from handlesfake.mpsd.state.identity import Title
from handlesfake.mpsd.state.session import Document
from handlesfake.templates.template import SYSTEM, Described, Template

_TEMPLATE = ("constants", "scid", "title_id", "evidence", "source")
_TITLE = ("name", "pfn")
_EVIDENCE = tuple(level.value for level in Evidence)
TITLES = "titles"
"""The one name at the head of a file that is not a template's."""


def load_templates(path: Path) -> Described:
    """What the template file at ``path`` describes.

    :raises SettingsError: there is no such file, or it holds something else; file, line and column are named.
    """
    root, source = opened(path, "template file")
    templates = tuple(_template(name, root, source) for name in root if name != TITLES)
    titles = _titles(source.mapping(root, TITLES), source) if TITLES in root else ()
    if not templates and not titles:
        raise source.wrong("a template file names at least one template: LobbyName: {constants: {...}}", root)
    return Described(templates, titles)


def title_id(node: Mapping[str, Any], key: str, source: SettingsSource) -> str:
    """The title id under ``key``: decimal text of an unsigned integer of 32 bits."""
    text = source.text(node, key)
    if not is_title_id(text):
        raise source.wrong(f"{key} must be a decimal number from 1 to {UINT32}, and is {short_json(text)}", node, key)
    return text


def _template(name: str, root: Mapping[str, Any], source: SettingsSource) -> Template:
    node = source.mapping(root, name)
    source.check_keys(node, _TEMPLATE, f"the template {name}")
    if "constants" not in node:
        raise source.wrong(f"the template {name} needs constants: {{system: {{...}}}}", root, name, of_value=False)
    if "evidence" in node:
        source.one_of(node, "evidence", _EVIDENCE)
    return Template(
        name,
        _constants(node, source),
        scid=source.text(node, "scid") if "scid" in node else "",
        title_id=title_id(node, "title_id", source) if "title_id" in node else "",
    )


def _constants(node: Mapping[str, Any], source: SettingsSource) -> Document:
    constants = source.mapping(node, "constants")
    source.check_keys(constants, ("system", "custom"), "constants")
    system = source.mapping(constants, "system") if "system" in constants else {}
    source.check_keys(system, SYSTEM, "constants.system")
    if "capabilities" in system:
        source.check_keys(source.mapping(system, "capabilities"), CAPABILITIES, "capabilities")
    custom = source.mapping(constants, "custom") if "custom" in constants else {}
    spelled = to_contract_107({"system": without_places(system), "custom": without_places(custom)})
    if "timeouts" in system:  # 104 or 105 spelling, with the default that goes with it (U67)
        spelled["system"].setdefault("inactiveRemovalTimeout", OLD_INACTIVE_TIMEOUT)
    try:
        session_constants(spelled, None, Choices())
    except Refusal as refusal:
        key = next((key for key in system if f".{key}" in refusal.sentence), None)
        where, key = (system, key) if key else (node, "constants")
        raise source.wrong(f"no session could be made of it: {refusal.sentence}", where, key) from None
    return spelled


def _titles(node: Mapping[str, Any], source: SettingsSource) -> tuple[Title, ...]:
    found = []
    for key in node:
        if not is_title_id(key):
            raise source.wrong(
                f"a title id is a decimal number, and this is {short_json(key)}", node, key, of_value=False
            )
        title = source.mapping(node, key)
        source.check_keys(title, _TITLE, f"the title {key}")
        name, pfn = (source.text(title, word) if word in title else "" for word in _TITLE)
        found.append(Title(key, name, pfn))
    return tuple(found)
