"""Which line of the user's code is named as the sender."""

from __future__ import annotations

import os

import pytest

from handlesfake.callsite.call_site import calling_line

ELSEWHERE = os.path.join(os.sep, "elsewhere", "{}", "client.py")


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
def test_a_library_of_another_environment_is_not_the_sender(folder: str) -> None:
    """Environments may be layered: the client's own line is passed over wherever its package was installed."""
    names: dict[str, object] = {"calling_line": calling_line}
    exec(compile("def send():\n    return calling_line()\n", ELSEWHERE.format(folder), "exec"), names)

    send = names["send"]
    assert callable(send)
    assert "test_call_site.py" == os.path.basename(str(send()).partition(":")[0])
