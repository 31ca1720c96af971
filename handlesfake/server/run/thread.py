"""Serving in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from handlesfake.server.run.sockets import Site
from handlesfake.vocabulary import speaking, spoken


@contextmanager
def in_thread(site: Site) -> Iterator[None]:
    """Inside, ``site`` answers; afterwards its thread, its loop and its sockets are gone."""
    changed = threading.Event()
    failures: list[BaseException] = []

    words = spoken()

    def run() -> None:
        try:
            with speaking(words):  # as the server; a thread does not know which thread started it
                asyncio.run(site.run(changed.set))
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits for it
            failures.append(error)
        changed.set()

    thread = threading.Thread(target=run, name="handlesfake server", daemon=True)
    thread.start()
    changed.wait()
    try:
        if not failures:
            yield
    finally:
        site.end()
        thread.join()
    if failures:
        raise failures[0]
