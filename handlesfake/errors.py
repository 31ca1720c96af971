"""What handlesfake raises when the developer is wrong.

::

    HandlesfakeError
    ├── SettingsError      a setting, marker argument or option that cannot be
    ├── RuleError          a rule that cannot be
    ├── CassetteError      a cassette that cannot be read or written
    │   ├── NoCassette     a cassette that is not there
    │   └── CaptureError   a capture of another tool that cannot be read
    └── Unanswered         a request that nothing may answer (an AssertionError, too)
        ├── NotRecorded    the cassette holds no such request
        └── Escaped        a request for MPSD while no double is active

A refusal of the service and a fault of the network are not errors. The client gets a response, or raises its own
exception.
"""

from __future__ import annotations


class HandlesfakeError(Exception):
    """The developer is wrong: the message says what happened, the nearest thing known and what to do next."""


class SettingsError(HandlesfakeError, ValueError):
    """A setting, marker argument or option that cannot be."""


class RuleError(HandlesfakeError, ValueError):
    """A rule that cannot be."""


class CassetteError(HandlesfakeError):
    """A cassette that cannot be read or written."""


class NoCassette(CassetteError):
    """A cassette that does not exist."""


class CaptureError(CassetteError):
    """A capture of another tool that cannot be read: nothing is written."""


class Unanswered(HandlesfakeError, AssertionError):
    """A request that nothing may answer.

    The request never reaches the network. This is an ``AssertionError``, not a network error, so that retry loops do
    not treat it as a network failure. The double remembers it: the test fails even when the code under test
    swallowed it.
    """


class NotRecorded(Unanswered):
    """The cassette holds no such request."""


class Escaped(Unanswered):
    """A request for MPSD while no double is active."""


class UnroutedWarning(UserWarning):
    """A test asked MPSD for an address that MPSD does not have; it was answered 404."""


class OldRecordingWarning(UserWarning):
    """A cassette is replayed that is older than ``max_age`` allows."""


class OverlappingDoublesWarning(UserWarning):
    """Two threads or tasks have a double each at once, and the one that was started last answers both."""


class WithheldWarning(UserWarning):
    """vcrpy was kept from writing an exchange that may hold a secret; see ``handlesfake.vcr``."""
