"""From the present state to a state file."""

from __future__ import annotations

import re
from typing import Any

import yaml

from handlesfake.files.strict_yaml import as_json_scalar
from handlesfake.mpsd.sessions.creation import new_session
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import KnownUser, made_up_gamertag
from handlesfake.mpsd.state.session import Document, Member, Session, SessionRef
from handlesfake.world.world import World

_INDICES = ("owners", "turn", "host")
"""Properties that speak of members by what they get only when they join."""


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _FlowList(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes short entries on one line and everything else as a block, texts that look like numbers in quotes."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - one thing said twice is written twice
        """Write no anchors."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text in quotes where ``load`` reads something else, as with ``12e34``; PyYAML ends a line at U+0085."""
    style = '"' if _BREAKS.search(text) else None if isinstance(as_json_scalar(text), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_BREAKS = re.compile("[\r\x85\u2028\u2029]")
"""What ends a line in some version of YAML, and is read as a blank or a line feed; in double quotes it is escaped."""


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)
_Dumper.add_representer(
    _FlowList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def dump_state(world: World) -> str:
    """The state of ``world`` as the text of a state file."""
    text: str = yaml.dump(
        state_of(world), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=100
    )
    return text


def state_of(world: World) -> dict[str, Any]:
    """The state of ``world`` in the words of a state file: users in order of first use, the rest by name.

    These words cannot say everything. A state leaves out change numbers, ETags, ids, servers, roles, data of single
    members. It also leaves out search and transfer handles, and invites that could not be sent now.
    """
    world.settle()
    return {key: part for key, part in _Dumping(world).state().items() if part}


class _Dumping:
    def __init__(self, world: World) -> None:
        self.world = world
        self.directory: Directory = world.directory
        named = world.named()
        others = sorted(xuid for xuid in self.directory.users if xuid not in named)
        self.users = [self.directory.users[xuid] for xuid in (*named, *others)]
        self.sessions = sorted(self.directory.sessions.values(), key=lambda one: one.ref.key)

    def state(self) -> dict[str, Any]:
        handles = sorted(self.directory.handles.values(), key=_place)
        return {
            "titles": [self.title(title_id) for title_id in sorted(self.directory.titles)],
            "users": [self.user(user) for user in self.users],
            "sessions": [self.session(session) for session in self.sessions],
            "activities": [self.activity(handle) for handle in handles if handle.type == "activity"],
            "invites": [self.invite(handle) for handle in handles if handle.type == "invite" and self.open(handle)],
        }

    # ---- people

    def called(self, xuid: str) -> str:
        """The role of a user, or the xuid."""
        user = self.directory.users.get(xuid)
        return user.role if user and user.role else xuid

    def title(self, title_id: str) -> Document:
        title = self.directory.titles[title_id]
        return _Flow(_said({"title_id": title_id, "name": title.name, "pfn": title.pfn}))

    def user(self, user: KnownUser) -> Document:
        words: dict[str, Any] = {
            "role": user.role,
            "xuid": user.xuid,
            "gamertag": user.gamertag if user.gamertag != made_up_gamertag(user.xuid) else "",
            "title_id": user.title_id if user.title_id != self.world.settings.title_id else None,
            "user_hash": user.user_hash if user.user_hash != f"uhs-{user.xuid}" else "",
            "device_token": user.device_token,
        }
        for word in ("follows", "favorites", "blocks"):
            words[word] = _FlowList(self.called(xuid) for xuid in sorted(getattr(user, word)))
        words["signs_in"] = user.xuid == self.directory.signs_in
        return _Flow(_said(words) | ({} if user.multiplayer else {"multiplayer": False}))

    # ---- sessions and handles

    def ref(self, ref: SessionRef) -> Any:
        """The name of a session where that is enough."""
        same = [one for one in self.sessions if one.ref.key[2] == ref.key[2]]
        if len(same) == 1:
            return ref.name
        return _Flow(_said({"name": ref.name, "template": ref.template_name, "scid": self.scid(ref)}))

    def scid(self, ref: SessionRef) -> str:
        """The scid of a session where it is not the one that its template has anyway."""
        usual = self.world.usual_scid(ref.template_name)
        return ref.scid if ref.scid != usual else ""

    def session(self, session: Session) -> Document:
        bare = self.bare(session.ref)
        system = _over(bare.properties["system"], session.properties["system"])
        closed = system.pop("closed", False)
        constants = {part: _over(bare.constants[part], session.constants[part]) for part in ("system", "custom")}
        words: dict[str, Any] = {"name": session.ref.name, "template": session.ref.template_name}
        words["scid"] = self.scid(session.ref)
        words["members"] = _FlowList(self.member(member) for member in session.in_order())
        words["closed"] = closed
        words["custom"] = session.custom
        words["properties"] = {name: value for name, value in system.items() if name not in _INDICES}
        words["constants"] = constants if constants["custom"] else constants["system"]
        return _said(words)

    def member(self, member: Member) -> Any:
        called = self.called(member.xuid)
        return called if member.status == "active" else _Flow(user=called, status=member.status)

    def bare(self, ref: SessionRef) -> Session:
        """What a session of that template begins with."""
        return new_session(Directory(), ref, None, 0, lambda: "", self.world.settings, arranged=True)

    def activity(self, handle: Handle) -> Document:
        return _Flow(user=self.called(handle.owner_xuid), session=self.ref(handle.session_ref))

    def open(self, invite: Handle) -> bool:
        """Whether the invite could be sent now: some outlive their session, or their sender's stay in it."""
        session = self.directory.session(invite.session_ref)
        return session is not None and invite.owner_xuid in session.by_xuid

    def invite(self, handle: Handle) -> Document:
        words: dict[str, Any] = {
            "sender": self.called(handle.owner_xuid),
            "invited": self.called(handle.invited_xuid),
        }
        words["session"] = self.ref(handle.session_ref)
        words["context"] = (handle.said("inviteAttributes") or {}).get("context", "")
        return _Flow(_said(words))


def _place(handle: Handle) -> tuple[Any, ...]:
    """What orders handles the same in every run: no ids."""
    return handle.owner_xuid, handle.session_ref.key, handle.invited_xuid, handle.created_at


def _said(words: Document) -> Document:
    """Of ``words`` those that say something; an empty title id does: that tokens have no title claim."""
    return {word: value for word, value in words.items() if value or (word == "title_id" and value is not None)}


def _over(usual: Document, present: Document) -> Document:
    """What ``present`` says beyond ``usual``."""
    return {name: value for name, value in present.items() if name not in usual or usual[name] != value}
