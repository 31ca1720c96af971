"""What a session shows about its caller: the title, where its template belongs to one."""

from __future__ import annotations

from handlesfake.mpsd.assumption import Assumption, state_call
from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.settings import DEFAULT_TITLE_ID
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.values.values import replace

_SETTLED = frozenset({"said", "assumed"})
"""What the title of a user rests on that no answer changes any more."""


def with_told_title(context: Context, template_name: str) -> Context:
    """The context in which a caller without a title plays that of the template (inferred, contract 19.2).

    Where the template has none, the title of a caller that the test did not describe is an assumption, told once.

    :param template_name: that of the session that the request writes or points to.
    """
    if context.caller.is_service or context.settings.title_id != DEFAULT_TITLE_ID:
        return context
    if _SETTLED.issuperset([user.title_from for user in context.caller.users]):
        return context
    users = tuple([_with_title(context, user, template_name) for user in context.caller.users])
    if users == context.caller.users:
        return context
    directory = context.directory
    for user in users:
        directory = directory.with_user(user)
    return replace(context, directory=directory, caller=Caller(users[0].title_id, users))


def _with_title(context: Context, user: KnownUser, template_name: str) -> KnownUser:
    """The user, whose title is settled from now on: it has been shown."""
    if user.title_from in _SETTLED:
        return user
    told = context.settings.title_of(template_name) if user.title_from == "default" else ""
    if told:
        user = replace(user, title_id=told, title_from="template")
    if user.title_from == "template":
        context.limit_evidence(Evidence.INFERRED)
    if user.title_from != "default":
        return user
    if user.assumed:
        text = f"{user.label} plays the title {user.title_id}"
        said = f'host = mpsd.user("host", title_id="{user.title_id}")'
        over_control = state_call(users=[{"role": "host", "title_id": user.title_id}])
        context.assume(Assumption("title", text, said, over_control))
    return replace(user, title_from="assumed")
