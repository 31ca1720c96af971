"""The server that the fixture ``mpsd_server`` gives to one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.plugin.mpsd_fixture import as_test_failure
from handlesfake.server.run.requirements import check_extra

if TYPE_CHECKING:
    from handlesfake.server.run.fixture import Server


@contextmanager
def served_to_a_test(mpsd: object) -> Iterator[Server]:
    """What ``mpsd`` gave to the test, on a real port; a test that can have none fails with the reason alone."""
    try:
        if not isinstance(mpsd, Double):
            raise SettingsError(
                'mpsd_server: this test has no double to serve, because mode="real" lets its requests reach the real '
                "service. Leave out the mode, or the fixture."
            )
        check_extra()
        from handlesfake.server.run.fixture import served  # only now: it imports what may not be there

        serving = served(mpsd)
        server = serving.__enter__()
    except SettingsError as error:
        raise as_test_failure(error) from None
    try:
        yield server
    finally:
        serving.__exit__(None, None, None)
