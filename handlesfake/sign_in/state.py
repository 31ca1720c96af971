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
class AuthorizationCode:
    """A code that a browser was sent back with: who signed in for which client."""

    xuid: str
    client_id: str
    scope: str
    redirect_uri: str
    challenge: str
    """What the verifier must match, by PKCE; empty where the client sent none."""

    challenge_method: str
    ends: int
    """Ticks; 0 once it is used."""


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

    authorizations: Mapping[str, AuthorizationCode] = field(default_factory=dict)
    """Fingerprint of an authorization code to what it was issued for."""

    tokens: Mapping[str, IssuedToken] = field(default_factory=dict)
    """Fingerprint of a token to what it is."""

    def with_code(self, fingerprint: str, code: DeviceCode) -> Known:
        """With one more device code."""
        return replace(self, codes=with_item(self.codes, fingerprint, code))

    def without_code(self, fingerprint: str) -> Known:
        """Less a device code, which is used."""
        return replace(self, codes=without_item(self.codes, fingerprint))

    def with_authorization(self, fingerprint: str, code: AuthorizationCode) -> Known:
        """With one more authorization code."""
        return replace(self, authorizations=with_item(self.authorizations, fingerprint, code))

    def with_used(self, fingerprint: str) -> Known:
        """With an authorization code that is used: it stays known, and is good no more."""
        return self.with_authorization(fingerprint, replace(self.authorizations[fingerprint], ends=0))

    def with_token(self, fingerprint: str, token: IssuedToken) -> Known:
        """With one more token."""
        return replace(self, tokens=with_item(self.tokens, fingerprint, token))


NOTHING = Known()
"""What is known before the first request."""
