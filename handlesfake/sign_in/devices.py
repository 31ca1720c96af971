"""The tokens of devices and titles (contract 21.4)."""

from __future__ import annotations

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_text, a_title_id, an_object, short
from handlesfake.mpsd.state.identity import KnownUser, fingerprint
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.state import IssuedToken, Known
from handlesfake.sign_in.tokens import DEVICE_HOURS, HOUR, TITLE_HOURS, Brought, brought, issue, token_document
from handlesfake.sign_in.xbox_tokens import properties_of, ticket_in


def device_authenticate(asked: Asked) -> Done:
    """``POST /device/authenticate``: a device token, for a key that the client holds or for a ticket."""
    properties = properties_of(asked)
    method = a_text(properties.get("AuthMethod"), "Properties.AuthMethod")
    if method not in ("ProofOfPossession", "RPS"):
        problem = f"must be ProofOfPossession or RPS, and is {short(method)}"
        raise refuse("invalid_field", field="Properties.AuthMethod", problem=problem)
    proves = method == "ProofOfPossession"
    if proves or properties.get("ProofKey") is not None:
        an_object(properties.get("ProofKey"), "Properties.ProofKey")
    name = "Id" if proves else "RpsTicket"
    device = fingerprint(a_text(properties.get(name), f"Properties.{name}")).upper()
    token = IssuedToken("device", "", asked.now + DEVICE_HOURS * HOUR)
    text, known = issue(asked, asked.known, token)
    claims = {"xdi": {"did": device, "dcs": "0"} if proves else {"did": device}}
    document = token_document(asked, text, DEVICE_HOURS, claims)
    return Done(known, document, Evidence.CLIENT if proves else Evidence.CAPTURED)


def title_authenticate(asked: Asked) -> Done:
    """``POST /title/authenticate``: a title token for a device, and a ticket or the id of the title."""
    properties = properties_of(asked)
    device = brought(asked, properties.get("DeviceToken"), "Properties.DeviceToken", "device")
    if properties.get("TitleId") is not None and properties.get("RpsTicket") is None:
        title_id = a_title_id(properties["TitleId"], "Properties.TitleId")
        document, known = title_token(asked, asked.known, title_id)
        return assuming(Done(known, document, Evidence.CLIENT), device)
    ticket = ticket_in(properties.get("RpsTicket"), "Properties.RpsTicket")
    found = brought(asked, ticket, "Properties.RpsTicket", "access")
    document, known = title_token(asked, asked.known, title_of(asked, found.user))
    users = () if found.user is None else (found.user,)
    done = assuming(Done(known, document, Evidence.CAPTURED, users), device)
    return done.assuming("an unknown access token") if found.assumed else done


def assuming(done: Done, device: Brought) -> Done:
    """``done``, where the device token that it rests on may be unknown."""
    return done.assuming("an unknown device token") if device.assumed else done


def title_of(asked: Asked, user: KnownUser | None) -> str:
    """The title of the user, else that of the settings (S9)."""
    return (user.title_id if user is not None else "") or asked.settings.title_id


def title_token(asked: Asked, known: Known, title_id: str) -> tuple[dict[str, object], Known]:
    """A title token as it is shown, and what is known with it."""
    text, known = issue(asked, known, IssuedToken("title", "", asked.now + TITLE_HOURS * HOUR))
    return token_document(asked, text, TITLE_HOURS, {"xti": {"tid": title_id}}), known
