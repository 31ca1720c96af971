"""Shelf: finds a template by its name, among those of a test's files and those that are ready."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from handlesfake.mpsd.settings import DEFAULT_SCID, DEFAULT_TITLE_ID, Settings
from handlesfake.mpsd.state.identity import Title
from handlesfake.mpsd.state.session import Document
from handlesfake.templates.template import Described, Template
from handlesfake.values.values import replace

READY = {
    "MinecraftLobby": "minecraft_lobby.yaml",
    "ReadyGame": "ready_game.yaml",
    "ReadyLobby": "ready_lobby.yaml",
    "ReadyRoom": "ready_room.yaml",
    "ReadyService": "ready_service.yaml",
    "ReadyServiceLarge": "ready_service_large.yaml",
}
"""Each ready template and its file beside this module: read when a session first asks for it, and YAML with it."""

_NAMES = {name.lower(): name for name in READY}


class Shelf:
    """The templates that one double knows.

    :param files: template files; a later one wins over an earlier one, and each over what is ready.
    :raises SettingsError: a file cannot be read; file, line and column are named.
    """

    def __init__(self, files: Sequence[Path] = ()) -> None:
        described = [_described(file) for file in files]
        self._own = {template.name.lower(): template for one in described for template in one.templates}
        self.titles: tuple[Title, ...] = tuple(title for one in described for title in one.titles)
        """The titles that the files describe."""

    def settings(self, said: Settings) -> Settings:
        """``said`` with what the files describe; where scid or title were left out, with those of the template."""
        usual = self.find(said.template_name)
        scid = usual.scid if usual and said.scid == DEFAULT_SCID else ""
        title_id = usual.title_id if usual and said.title_id == DEFAULT_TITLE_ID else ""
        return replace(
            said,
            templates={template.name: template.constants for template in self._own.values()},
            ready=ready_constants,
            title_of=self.title_of,
            names_in=self.names_in,
            scid=scid or said.scid,
            title_id=title_id or said.title_id,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all templates that are described: those of the test, then the ready ones."""
        return (*(template.name for template in self._own.values()), *READY)

    def title_of(self, name: str) -> str:
        """The id of the title that the template called ``name`` belongs to; empty where it is unknown."""
        found = self.find(name)
        return found.title_id if found else ""

    def names_in(self, scid: str) -> tuple[str, ...]:
        """The templates of one service configuration: those of the test, for any too, then the ready ones of it.

        A ready template for any configuration is not among them: it is unknown whether the title has it.
        """
        own = [one.name for one in self._own.values() if one.scid.lower() in ("", scid.lower())]
        others = (name for name in READY if name.lower() not in self._own)
        return (*own, *(name for name in others if _read(name).scid.lower() == scid.lower()))

    def find(self, name: str) -> Template | None:
        """The template called ``name``, case ignored; None when it was not described."""
        return self._own.get(name.lower()) or ready(name)


def ready(name: str) -> Template | None:
    """The ready template called ``name``, case ignored; None when there is none."""
    known = _NAMES.get(name.lower())
    return _read(known) if known else None


def ready_constants(name: str) -> Document | None:
    """The constants of the ready template called ``name``, case ignored; None when there is none."""
    found = ready(name)
    return found.constants if found else None


@cache
def _read(name: str) -> Template:
    return _described(Path(__file__).with_name(READY[name])).templates[0]


def _described(path: Path) -> Described:
    from handlesfake.templates.loading import (
        load_templates,  # lazily: most doubles have no template file, and no YAML
    )

    return load_templates(path)
