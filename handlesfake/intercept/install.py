"""Put the seams under the clients that are here, and under those that come later."""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

from handlesfake.intercept import forking
from handlesfake.intercept.inheritance import told
from handlesfake.intercept.registry import registry

if TYPE_CHECKING:
    from importlib.abc import Loader, MetaPathFinder
else:
    # both are asked for their methods alone, and the module that has them imports a dozen others
    Loader = MetaPathFinder = object

SEAMS = {
    "pytest_socket": ("handlesfake.intercept.network.guard", "install_pytest_socket"),  # before the net over it
    "socket": ("handlesfake.intercept.network.guard", "install_socket"),
    "ssl": ("handlesfake.intercept.network.ssl_contexts", "install"),
    "http.client": ("handlesfake.intercept.clients.http_client", "install"),
    "urllib3": ("handlesfake.intercept.clients.urllib3", "install"),
    "urllib3_future": ("handlesfake.intercept.clients.urllib3", "install"),
    "httpx": ("handlesfake.intercept.clients.httpx", "install"),
    "httpx2": ("handlesfake.intercept.clients.httpx", "install"),
    "aiohttp": ("handlesfake.intercept.clients.aiohttp", "install"),
    "responses": ("handlesfake.intercept.tools.responses", "install"),
    "requests_mock": ("handlesfake.intercept.tools.requests_mock", "install"),
    "respx": ("handlesfake.intercept.tools.respx", "install"),
    "pytest_httpx": ("handlesfake.intercept.tools.pytest_httpx", "install"),
    "aioresponses": ("handlesfake.intercept.tools.aioresponses", "install"),
    "vcr": ("handlesfake.intercept.tools.vcrpy", "install"),
}
"""Client, or tool that is above one -> what puts its seam: a function of the module, idempotent and
thread-safe."""


def install() -> None:
    """Put each seam whose client is imported, and have those imported later met when they arrive.

    No client is imported for it, nothing is ever taken away again, and a seam does nothing until a double is active.
    Idempotent and thread-safe; call it whenever a double starts, so that a seam which another tool has removed
    meanwhile is put back.
    """
    with _lock:
        if not any(isinstance(finder, _ImportHook) for finder in sys.meta_path):
            # one of an earlier copy of this module, too: each would ask the other without end
            sys.meta_path[:] = [_ImportHook(), *(finder for finder in sys.meta_path if not _is_former(finder))]
        forking.watch(registry)
    for name in SEAMS:
        client = sys.modules.get(name)
        if client is not None and not _stands(name, client) and _arrived(client):
            _put(client)


def guard_as_told() -> None:
    """Guard what the process that started this one guards; nothing where it has told nothing."""
    hosts = told()
    if hosts:
        install()
        registry.is_a_child = True
        registry.guarded_hosts |= hosts


_lock = threading.Lock()
_moved: set[str] = set()
_later: list[ModuleType] = []
"""Clients that were imported by the import of their seam's module: their seam is put once that import is over."""

_standing: dict[str, tuple[ModuleType, ModuleType, object]] = {}
"""Name -> client, its seam's module, and what that has looked at in the client when there was nothing to put."""


def _stands(name: str, client: ModuleType) -> bool:
    """Whether putting the seam of ``client`` again would find what it found when there was nothing to put."""
    known, seam, found = _standing.get(name, (None, None, None))
    if known is not client or seam is None or sys.modules.get(SEAMS[name][0]) is not seam:
        return False
    return _look(seam, client) == found


def _look(seam: ModuleType, client: ModuleType) -> object:
    """The content of the places of ``client`` where ``seam`` puts something; None where it does not say."""
    looks_at = getattr(seam, "looks_at", None)
    try:
        return looks_at(client) if looks_at is not None else None
    except AttributeError:  # a release that has moved one of them
        return None


def _arrived(client: ModuleType) -> bool:
    """True when ``client`` is imported whole. One that another thread is importing just now is waited for.

    It is False for a client whose own import, further up this very stack, has led here: its seam is put by the
    next :func:`install`.
    """
    if not _initializing(client):
        return True
    try:
        importlib.import_module(client.__name__)
    except Exception:  # noqa: BLE001 - whatever fails that import is told to the thread whose import it is
        return False
    return not _initializing(client)


def _initializing(client: ModuleType) -> bool:
    return bool(getattr(getattr(client, "__spec__", None), "_initializing", False))


def _put(client: ModuleType) -> None:
    module, function = SEAMS[client.__name__]
    seam = sys.modules.get(module)
    if seam is None or _initializing(seam):
        seam = importlib.import_module(module)
    if not hasattr(seam, function) and _initializing(seam):
        _later.append(client)
        return
    before = _look(seam, client)
    try:
        getattr(seam, function)(client)
    except AttributeError as error:
        _not_met(client, error)
    else:
        # twice, for another thread may put a client's own back meanwhile
        if before is not None and before == _look(seam, client):
            _standing[client.__name__] = client, seam, before
    while _later:
        _put(_later.pop())


def _not_met(client: ModuleType, error: AttributeError) -> None:
    """Say once that ``client`` has moved what it no longer has; a suite that does not use it need not fail."""
    name = client.__name__
    if name in _moved:
        return
    _moved.add(name)
    version = getattr(client, "__version__", "of an unknown version")
    warnings.warn(
        f"{name} {version} is newer than this handlesfake: it no longer has {error.name!r}, which handlesfake "
        f"patches.\n"
        f"  requests of {name} for MPSD do not reach the double; the look-up of the host is refused\n"
        f"  update handlesfake, or pin {name} to an earlier version",
        RuntimeWarning,
        stacklevel=2,
    )


def _is_former(finder: object) -> bool:
    kind = type(finder)
    return (kind.__module__, kind.__qualname__) == (__name__, _ImportHook.__qualname__)


class _ImportHook(MetaPathFinder):
    """Meets a client as it is imported. It finds nothing itself: the finders behind it do."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in SEAMS:
            return None
        for finder in sys.meta_path:
            spec = None if isinstance(finder, _ImportHook) else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _PatchingLoader(spec.loader)
                return spec
        return None


class _PatchingLoader(Loader):
    """Loads a client with its own loader, then puts the seam. Once loaded, no trace of it is left on the module."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _put(module)

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)
