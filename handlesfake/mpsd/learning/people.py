"""What answers show about tokens: the title and the device of the sender, and a title on each platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlesfake.mpsd.learning.parts import part
from handlesfake.mpsd.learning.shown import RecordedAnswer
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Title
from handlesfake.mpsd.state.maps import with_item
from handlesfake.mpsd.state.session import Document
from handlesfake.values.values import replace


def learn_people(shown: RecordedAnswer) -> Directory:
    """The directory whose users have the titles and devices that the answer shows of them.

    Both are claims of tokens, which no recording holds: the service made nothing of them up. A title that the test
    said stays.
    """
    directory = shown.directory
    if not 200 <= shown.response.status < 300 and shown.response.status != 412:
        return directory
    for member in part(shown.document, "members").values():
        if isinstance(member, dict):
            xuid = part(part(member, "constants"), "system").get("xuid")
            directory = _with_device(directory, xuid, member.get("deviceToken"))
            directory = _with_title(directory, xuid, member.get("activeTitleId"))
    for handle in _handles(shown):
        directory = _with_title(directory, handle.get("ownerXuid"), handle.get("titleId"))
        directory = _with_platforms(directory, handle)
    return directory


def _handles(shown: RecordedAnswer) -> Iterator[Mapping[str, Any]]:
    results = shown.document.get("results")
    if isinstance(results, list):
        yield from (one for one in results if isinstance(one, dict))
    elif "sessionRef" in {**shown.sent, **shown.document}:
        yield {**shown.sent, **shown.document}  # what the answer does not repeat, the request has said


def _with_device(directory: Directory, xuid: Any, device_token: Any) -> Directory:
    user = directory.users.get(xuid) if isinstance(xuid, str) else None
    if user is None or not isinstance(device_token, str) or device_token in ("", user.device_token):
        return directory
    return directory.with_user(replace(user, device_token=device_token))


def _with_title(directory: Directory, xuid: Any, title_id: Any) -> Directory:
    user = directory.users.get(xuid) if isinstance(xuid, str) else None
    if user is None or user.title_said or not isinstance(title_id, str) or not title_id:
        return directory
    return directory.with_user(replace(user, title_id=title_id, title_from="said"))


def _with_platforms(directory: Directory, handle: Mapping[str, Any]) -> Directory:
    """With what ``gameTypes`` shows of the title that the handle belongs to, or invites to."""
    platforms: Document = part(handle, "gameTypes")
    title_id = handle.get("titleId") or part(handle, "inviteAttributes").get("titleId")
    if not platforms or not isinstance(title_id, str):
        return directory
    known = directory.title(title_id)
    if known.pfn or known.platforms == platforms:
        return directory
    title = Title(title_id, known.name, platforms=platforms)
    return replace(directory, titles=with_item(directory.titles, title_id, title))
