"""What nothing could answer in the worlds of a server."""

from __future__ import annotations

from handlesfake.server.worlds.worlds import Worlds

_NAMED = 5
"""How many worlds a text names at most in which it was the same."""


def misses_of(worlds: Worlds, world_id: str) -> list[str]:
    """What nothing in a world could answer since :func:`forget_misses`, each as its text."""
    world = worlds[world_id]
    return [str(error) for error in world.core.engine.unanswered.since(world.told_misses)]


def want_misses(worlds: Worlds, world_id: str) -> None:
    """The misses of a world were wanted: they do not count."""
    world = worlds[world_id]
    world.core.engine.unanswered.take(world.told_misses)


def forget_misses(worlds: Worlds, world_id: str) -> None:
    """From now on only what is still to come in a world is a miss."""
    world = worlds[world_id]
    world.told_misses = world.core.engine.unanswered.count


def all_misses(worlds: Worlds) -> list[str]:
    """What nothing could answer in any world, those that have ended included: each different text once.

    Where there was another world than the default one, each text says in which that was.
    """
    where: dict[str, list[str]] = {}
    left = [(world.identity.title, str(error)) for world in worlds for error in world.core.engine.unanswered]
    for title, text in (*worlds.past.misses, *left):
        titles = where.setdefault(text, [])
        titles += [title] if title not in titles else []
    if not worlds.have_been_others:
        return list(where)
    return [f"in {_listed(titles)}: {text}" for text, titles in where.items()]


def _listed(titles: list[str]) -> str:
    more = len(titles) - _NAMED
    return ", ".join(titles[:_NAMED]) + (f" and {more} more" if more > 0 else "")
