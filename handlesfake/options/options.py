"""Options: everything that can be said of a double, in one place and by the words of the marker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast

from handlesfake.errors import SettingsError
from handlesfake.mpsd.choices import USUAL, Choices
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.mpsd.settings import DEFAULT_SCID, DEFAULT_TEMPLATE_NAME, DEFAULT_TITLE_ID, Dialect, Settings
from handlesfake.options.option_values import no_such, read_option
from handlesfake.services.table import OTHERS, SERVICES
from handlesfake.values.values import fields_of, frozen, replace

Mode = Literal["fake", "replay", "hybrid", "record", "verify", "real"]
Policy = Literal["none", "once", "new_episodes", "all", "rewrite"]


@frozen
class Options:
    """How a double is to be.

    Every field is a keyword of ``handlesfake.fake()``. Where the plugin says so, it is also a keyword of the marker
    ``mpsd``, an ini setting and a command-line option.
    """

    mode: Mode | None = None
    """None: replay when there is a cassette, else fake."""

    cassette: Path | None = None
    """What is replayed, or recorded: in a marker a name, or True to name it after the test; else a path."""

    record: Policy = "none"
    """The recording policy; anything but ``none`` records real traffic into ``cassette``."""

    credentials: Mapping[str, Mapping[str, Any]] | None = None
    """Who the roles really are, only while recording: ``{role: {"xuid": ..., "authorization": ...}}``."""

    record_hosts: Sequence[str] | str = ()
    """Hosts that are recorded and replayed although they are not MPSD: sign-in, profiles."""

    not_secret: Sequence[str] | str = ()
    """Places in a recording that look like secrets but are not: ``body.properties.custom.levelId``."""

    pseudonym_key: Path | None = None
    """The file with the key of the pseudonyms; None for the user's own, which the first recording makes."""

    cassette_cache: Path | None = None
    """The folder that keeps what was read of cassettes, so that the next run has it at once; None to keep nothing.
    Under pytest it is in pytest's own cache; ``mpsd_cassette_cache = false`` keeps nothing there."""

    run: str = ""
    """Names the run that this double is part of: under ``once`` all tests of one run may fill a new cassette."""

    volatile_fields: Sequence[str] | str = ()
    """Fields that are new in each run, as ``properties.custom.nonces.*``; ``*`` is one part, ``**`` is any number."""

    repeats: Literal["reads", "last", "error"] = "reads"
    """What a request gets that comes more often than it was recorded. ``reads``: a read its last answer, while
    nothing has been written since, and all else an error; ``last``: its last answer; ``error``: an error."""

    shift_times: bool = False
    """Whether a replay moves ``Date``, ``Expires``, ``createTime`` and similar times to the double's clock."""

    max_age: timedelta | None = None
    """How old a recording may be when it is replayed; an older one is an ``OldRecordingWarning``."""

    old: Literal["warn", "fail"] = "warn"
    """What happens to a replay of a recording that is older than ``max_age``."""

    rules: Sequence[Path | str] | Path | str = ()
    """Rule files, applied in this order; one needs no list. A relative path counts from the current folder; in a
    marker a ``Path`` counts from rootdir, and a name from ``mpsd_rules_dir``."""

    root: Path | None = None
    """The folder that includes of rule files must not lead out of: pytest's rootdir; None for the file's own."""

    templates: Sequence[Path | str] | Path | str = ()
    """Template files; without one, sessions of any template are as permissive as can be. A relative path counts from
    the current folder, in a marker or ini file from rootdir."""

    state: Sequence[Path | str] | Path | str = ()
    """State files, arranged when the double is made, as ``mpsd.load`` does. A relative path counts from the current
    folder, in a marker from rootdir."""

    strict: bool = False
    dialect: Dialect = "observed"
    throttling: bool = False
    """Whether requests are counted and, beyond the documented limits, answered 429."""

    choices: Choices = USUAL
    """How open questions are answered: as a dict, some fields of ``Choices``."""

    unrouted: Literal["warn", "fail"] = "warn"
    """What happens to a test that requests an unknown MPSD path."""

    hosts: Sequence[str] | str = (MPSD_HOST,)
    """What is MPSD: ``host`` (any port) or ``host:port``, one or several."""

    services: Sequence[str] | str = ()
    """What is played beside MPSD: ``mpa``, Multiplayer Activity; ``sign_in``. Other hosts are left alone."""

    isolated: bool = False
    """Whether it answers only where it was started: in that thread or task, and in contexts that are copied there
    (tasks, ``asyncio.to_thread()``). Else every thread and task of the process is answered by the newest double."""

    scid: str = DEFAULT_SCID
    template_name: str = DEFAULT_TEMPLATE_NAME
    title_id: str = DEFAULT_TITLE_ID
    now: datetime | str | None = None
    """Where the clock starts: an aware datetime, or a text, ``2026-01-06T10:00:00Z``; None for the real now."""

    clock: Literal["virtual", "system"] = "virtual"
    """``virtual``: time moves as the test says; ``system``: it goes on by itself, as it does on a server."""

    name: str = "handlesfake"
    """Who holds the double, for messages: a test's node id."""

    journal_limit: int | None = None
    """How many requests the journal keeps whole; of earlier ones it keeps what claims need. None for all."""

    def __post_init__(self) -> None:
        for one in fields_of(type(self)).values():
            said = getattr(self, one.name)
            if said is not one.default:  # which has its one form already
                object.__setattr__(self, one.name, read_option(one.name, said))
        if self.mode == "fake" and self.cassette:
            raise SettingsError(
                f"mode='fake' and cassette={str(self.cassette)!r} contradict each other: "
                "a fake answers by itself. Leave out the mode to replay the cassette, or the cassette to fake."
            )
        theirs = {host: service for service in OTHERS.values() for host in service.hosts}
        for host in self.hosts:
            if host.partition(":")[0] in theirs:
                service = theirs[host.partition(":")[0]]
                raise SettingsError(
                    f"hosts={host!r}: that is {service.label}, and no name of MPSD; say services=[{service.name!r}]."
                )
        if self.mode in ("replay", "hybrid", "record", "verify") and not self.cassette:
            raise SettingsError(f"mode={self.mode!r} needs a cassette: say cassette='lobby'.")

    @property
    def effective_mode(self) -> Mode:
        """The mode, filled in."""
        if self.record != "none" and self.cassette:
            return "record"
        return self.mode or ("replay" if self.cassette else "fake")

    # what each option has become in __post_init__, in its one form

    @property
    def mpsd_hosts(self) -> tuple[str, ...]:
        """``hosts``, in lower case."""
        return cast("tuple[str, ...]", self.hosts)

    @property
    def played_hosts(self) -> tuple[str, ...]:
        """The hosts that are answered for: MPSD's, and those of ``services``."""
        return (*self.hosts, *self.service_hosts)

    @property
    def hosts_beside(self) -> tuple[str, ...]:
        """The hosts that are recorded and replayed beside MPSD's."""
        return (*self.service_hosts, *self.record_hosts)

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """The hosts that a recording or a replay answers for."""
        return (*self.hosts, *self.hosts_beside)

    @property
    def service_hosts(self) -> tuple[str, ...]:
        """The hosts of ``services``."""
        return tuple(host for name in self.services for host in SERVICES[name].hosts)

    @property
    def template_files(self) -> tuple[Path, ...]:
        """``templates``, each as a path."""
        return cast("tuple[Path, ...]", self.templates)

    @property
    def rule_files(self) -> tuple[Path, ...]:
        """``rules``, each as a path."""
        return cast("tuple[Path, ...]", self.rules)

    @property
    def state_files(self) -> tuple[Path, ...]:
        """``state``, each as a path."""
        return cast("tuple[Path, ...]", self.state)

    @property
    def start(self) -> datetime | None:
        """``now``, as an aware datetime."""
        return cast("datetime | None", self.now)

    @property
    def settings(self) -> Settings:
        """What of this is the service's."""
        return Settings(
            dialect=self.dialect,
            strict=self.strict,
            throttling=self.throttling,
            choices=self.choices,
            scid=self.scid,
            template_name=self.template_name,
            title_id=self.title_id,
        )

    @classmethod
    def of(cls, base: Options | None = None, **words: Any) -> Options:
        """Options from keywords, over ``base``.

        :raises SettingsError: a word is unknown or its value cannot be; the nearest known word is named.
        """
        known = [*fields_of(cls)]
        for word in words:
            if word not in known:
                raise SettingsError(no_such("option", word, known))
        return cls(**words) if base is None else replace(base, **words)
