"""What holds of sign-in for any bytes, and for any row of requests: a naive model knows what must come of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from handlesfake.mpsd.callers import identify
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.services import sign_in
from handlesfake.services.table import SIGN_IN
from handlesfake.sign_in.operations import HOSTS, OPERATIONS
from handlesfake.values.values import replace
from tests.sign_in.asking import DEVICE_CODE, GUEST, HOST, NOW, Asking, document
from tests.test_properties import PROFILE, bodies

MINUTE = 60 * TICKS_PER_SECOND
DAY = 24 * 60 * MINUTE
LIVES = {"code": 15 * MINUTE, "access": DAY, "refresh": None, "user": 14 * DAY, "xsts": 16 * 60 * MINUTE}
"""How long each kind of text is good (contract 21.2 to 21.4)."""

texts = st.text(max_size=8) | st.sampled_from(["t=", "d=x", "code", "S256", "refresh_token", DEVICE_CODE])
values = texts | st.none() | st.integers() | st.lists(texts, max_size=2) | st.dictionaries(texts, texts, max_size=2)
addresses = st.sampled_from(OPERATIONS).map(
    lambda one: (one.method, HOSTS[one.template], one.template.replace("{title}", "current"))
)


@PROFILE
@given(
    method=st.sampled_from(["GET", "POST", "PUT", ""]),
    host=st.sampled_from(SIGN_IN.hosts) | st.text(max_size=5),
    target=st.sampled_from([one.template for one in OPERATIONS]) | st.text(max_size=30),
    headers=st.lists(st.tuples(st.sampled_from(["Authorization", "Content-Encoding", "Signature"]), st.text())),
    raw=bodies,
    strict=st.booleans(),
)
def test_any_bytes_are_answered(
    method: str, host: str, target: str, headers: list[tuple[str, str]], raw: bytes, *, strict: bool
) -> None:
    """Any request has an answer, and a refusal changes nothing, also where the test names no user."""
    settings, before = Settings(strict=strict), Directory()
    request = Request(method, target, Headers(headers), raw, host)
    reply = sign_in.answer(before, request, NOW, lambda: "id", settings)

    assert reply.response.status in (200, 302, 400, 401, 501)
    assert reply.provenance.refusal is None or reply.directory is before


@PROFILE
@given(
    address=addresses,
    fields=st.dictionaries(
        st.sampled_from(
            [
                *("client_id", "grant_type", "scope", "device_code", "refresh_token", "code", "code_verifier"),
                *("redirect_uri", "response_type", "state", "code_challenge", "code_challenge_method"),
            ]
        ),
        texts,
    ),
    body=st.dictionaries(
        st.sampled_from(["RelyingParty", "AccessToken", "AppId", "DeviceToken", "Offers", "Query", "TitleId"]), values
    ),
    properties=st.dictionaries(
        st.sampled_from(["AuthMethod", "Id", "ProofKey", "RpsTicket", "UserTokens", "TitleToken", "TitleId"]), values
    ),
)
def test_half_valid_requests_are_answered(
    address: tuple[str, str, str], fields: dict[str, str], body: dict[str, Any], properties: dict[str, Any]
) -> None:
    """The same of forms, queries and bodies whose fields are nearly right."""
    asking, (method, host, path) = Asking(), address
    before = asking.directory
    if path.startswith(("/oauth20", "/consumers")):
        reply = asking.form(f"{host}{path}", **fields)
        if method == "GET":
            query = "&".join(f"{name}={value}" for name, value in fields.items())
            reply = asking.put("GET", f"{host}{path}?{query}")
    else:
        reply = asking.ask(f"{host}{path}", {**body, "Properties": properties})

    assert reply.response.status in (200, 302, 400, 401, 501)
    assert all("\n" not in value and "\r" not in value for _, value in reply.response.headers)
    assert reply.provenance.refusal is None or reply.directory is before


class Machine(RuleBasedStateMachine):
    """Sign-in beside a list of all that it has issued: what it is, whose, and until when."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = Asking()
        self.issued: list[tuple[str, str, str, int]] = []
        self.signer = HOST

    @rule(who=st.sampled_from([HOST, GUEST]))
    def signs_in(self, who: str) -> None:
        """The test says who signs in from now on."""
        self.asking.directory = replace(self.asking.directory, signs_in=who)
        self.signer = who

    @rule(minutes=st.sampled_from([1, 16, 600, 1500, 21_000]))
    def waits(self, minutes: int) -> None:
        """Time passes."""
        self.asking.now += minutes * MINUTE

    @rule()
    def asks_for_a_code(self) -> None:
        """A device code has no user yet."""
        self._issue("code", document(self.asking.device_code())["device_code"], "")

    @precondition(lambda self: self.issued)
    @rule(data=st.data())
    def polls(self, data: st.DataObject) -> None:
        """A code gives tokens once, to the user who signs in now; any other text gives none."""
        kind, text, _, ends = data.draw(st.sampled_from(self.issued))
        reply = self.asking.token(grant_type=DEVICE_CODE, device_code=text)
        is_good = kind == "code" and self.asking.now < ends

        assert (200 if is_good else 400) == reply.response.status
        if is_good:
            self.issued = [one for one in self.issued if one[1] != text]
            self._tokens(document(reply), self.signer)

    @precondition(lambda self: self.issued)
    @rule(data=st.data())
    def refreshes(self, data: st.DataObject) -> None:
        """A refresh token gives tokens of its user, as often as it is sent."""
        kind, text, whose, _ = data.draw(st.sampled_from(self.issued))
        reply = self.asking.token(grant_type="refresh_token", refresh_token=text)

        if kind == "refresh":
            self._tokens(document(reply), whose)
        elif kind != "code":  # a text that was never issued as a token is taken for one of an earlier run
            assert 400 == reply.response.status

    @precondition(lambda self: any(one[0] == "access" for one in self.issued))
    @rule(data=st.data())
    def asks_for_a_user_token(self, data: st.DataObject) -> None:
        """An access token that is not over gives a user token of its user; nothing else does."""
        text, whose, is_good = self._drawn(data, "access")
        reply = self.asking.user_token(text)

        assert (200 if is_good else 401) == reply.response.status
        if is_good:
            assert {"xui": [{"uhs": f"uhs-{whose}"}]} == document(reply)["DisplayClaims"]
            self._issue("user", document(reply)["Token"], whose)

    @precondition(lambda self: any(one[0] == "user" for one in self.issued))
    @rule(data=st.data())
    def asks_for_xsts(self, data: st.DataObject) -> None:
        """A user token that is not over gives a token for MPSD."""
        text, whose, is_good = self._drawn(data, "user")
        reply = self.asking.xsts(text)

        assert (200 if is_good else 401) == reply.response.status
        if is_good:
            assert whose == document(reply)["DisplayClaims"]["xui"][0]["xid"]
            self._issue("xsts", document(reply)["Token"], whose)

    @precondition(lambda self: any(one[0] == "xsts" for one in self.issued))
    @rule(data=st.data())
    def calls(self, data: st.DataObject) -> None:
        """MPSD knows whose such a token is, until it is over."""
        tokens = [one for one in self.issued if one[0] == "xsts"]
        _, text, whose, ends = data.draw(st.sampled_from(tokens))
        request = Request("GET", "/", Headers([("Authorization", f"XBL3.0 x=uhs-{whose};{text}")]))
        try:
            _, caller, _ = identify(self.asking.directory, request, self.asking.settings, self.asking.now)
            found = caller.user.xuid if caller.user else ""
        except Refusal as refusal:
            found = refusal.name

        assert (whose if self.asking.now < ends else "token_expired") == found

    def _issue(self, kind: str, text: str, whose: str) -> None:
        life = LIVES[kind]
        self.issued.append((kind, text, whose, self.asking.now + life if life else 2**62))

    def _tokens(self, answer: dict[str, Any], whose: str) -> None:
        self._issue("access", answer["access_token"], whose)
        self._issue("refresh", answer["refresh_token"], whose)

    def _drawn(self, data: st.DataObject, wanted: str) -> tuple[str, str, bool]:
        """Any text that was issued, codes left out, and whether it is good as one of that kind."""
        tokens = [one for one in self.issued if one[0] not in ("code", "xsts")]
        kind, text, whose, ends = data.draw(st.sampled_from(tokens))
        is_known = any(one[0] == wanted for one in self.issued)
        assert is_known
        return text, whose, kind == wanted and self.asking.now < ends


def test_any_row_of_requests_is_answered_as_the_model_says() -> None:
    """Codes, tokens of each kind, whose they are and when they end, up to the caller of MPSD."""
    run_state_machine_as_test(Machine, settings=PROFILE)  # type: ignore[no-untyped-call]  # of hypothesis
