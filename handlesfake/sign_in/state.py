"""What sign-in knows, as one immutable value: the codes and the tokens that it has issued, by their fingerprints."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.mpsd.state.maps import with_item, without_item
from handlesfake.values.values import field, frozen, replace


@frozen
class DeviceCode:
    """A code that a user is asked to approve."""

    client_id: str
    scope: str
    ends: int
    """Ticks."""


@frozen
class IssuedToken:
    """A token, without its text."""

    kind: str
    """``access``, ``refresh``, ``device``, ``title`` or ``user``."""

    xuid: str
    """Whose it is; empty for a device's."""

    ends: int | None
    """Ticks; None for a token that does not end."""

    client_id: str = ""
    scope: str = ""

    def is_over(self, now: int) -> bool:
        """Whether its time has passed."""
        return self.ends is not None and now >= self.ends


@frozen
class Known:
    """All that sign-in knows. Every change gives a new value that shares the rest with the old one."""

    codes: Mapping[str, DeviceCode] = field(default_factory=dict)
    """Fingerprint of a device code to what it was issued for, until it is used."""

    tokens: Mapping[str, IssuedToken] = field(default_factory=dict)
    """Fingerprint of a token to what it is."""

    def with_code(self, fingerprint: str, code: DeviceCode) -> Known:
        """With one more device code."""
        return replace(self, codes=with_item(self.codes, fingerprint, code))

    def without_code(self, fingerprint: str) -> Known:
        """Less a device code, which is used."""
        return replace(self, codes=without_item(self.codes, fingerprint))

    def with_token(self, fingerprint: str, token: IssuedToken) -> Known:
        """With one more token."""
        return replace(self, tokens=with_item(self.tokens, fingerprint, token))


NOTHING = Known()
"""What is known before the first request."""
