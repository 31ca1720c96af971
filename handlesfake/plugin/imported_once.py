"""Modules of handlesfake stay imported once they are, also after an inner session of ``pytester``.

``pytester`` drops from ``sys.modules`` what an inner session in this process was the first to import. A second copy
of a module would have separate exceptions, stash keys and doubles, and would not know those of the first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def keep_imported() -> None:
    """From now on, a submodule that its package still holds is the one that is imported. Idempotent."""
    if not any(isinstance(finder, _Kept) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Kept())


class _Kept(MetaPathFinder):
    """Finds the submodules of handlesfake that were imported before; all else is left to other finders."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - as it is called
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if target is not None or not fullname.startswith("handlesfake."):  # a target is to be reloaded
            return None
        package, _, name = fullname.rpartition(".")
        module = vars(sys.modules[package]).get(name) if package in sys.modules else None
        return ModuleSpec(fullname, _Again(module)) if isinstance(module, ModuleType) else None


class _Again(Loader):
    """Loads a module that is loaded: nothing of it is run or changed."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 - as it is called
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import system has replaced it by that of this loader
