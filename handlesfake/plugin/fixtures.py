"""The fixtures, as a separate plugin: pytest would keep those of a blocked plugin that has hooks beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from handlesfake.plugin.configuration import INI, ON_FIRST_DOUBLE

if TYPE_CHECKING:
    from handlesfake.double.double import Double
    from handlesfake.server.run.fixture import Server

# Nothing else of handlesfake is imported here but inside fixtures: every pytest session imports this module.


@pytest.fixture
def mpsd(request: pytest.FixtureRequest, mpsd_config: dict[str, Any]) -> Iterator[Double]:
    """A working Multiplayer Session Directory: requests of any Python HTTP client for MPSD come here.
    host = mpsd.user("host")
    invite_party(host.authorization, mpsd.session("lobby-1", members=[host]).ref)   # your code
    mpsd.assert_invited("9000000000000002", times=1)
    """  # noqa: D205, D400, D415 - pytest --fixtures shows the first paragraph only
    from handlesfake.plugin.mpsd_fixture import held  # lazily, see above

    request.config.stash[ON_FIRST_DOUBLE]()  # a test may ask for the fixture as it runs
    with held(request, request.config.stash[INI], mpsd_config) as double:
        yield double


@pytest.fixture
def mpsd_server(mpsd: Double) -> Iterator[Server]:
    """The double ``mpsd`` on a real port of loopback, for programs in any language. State and journal are shared.
    subprocess.run(["node", "bot.js"], env={**os.environ, **mpsd_server.env}, check=True)
    mpsd.assert_invited("9000000000000002", times=1)
    """  # noqa: D205, D400, D415 - as above
    from handlesfake.plugin.server_fixture import served_to_a_test  # lazily, see above

    with served_to_a_test(mpsd) as server:
        yield server


@pytest.fixture(scope="session")
def mpsd_config() -> dict[str, Any]:
    """The options of these tests' doubles, as the marker ``mpsd`` takes them. Override it:
    @pytest.fixture
    def mpsd_config():
        return {"strict": True, "dialect": "documented"}
    """  # noqa: D205, D400, D415 - as above
    return {}


@pytest.fixture(scope="session")
def mpsd_credentials() -> dict[str, Any]:
    """Real identities by role, used only while recording. Override it:
    @pytest.fixture(scope="session")
    def mpsd_credentials():
        return {"host": {"xuid": os.environ["HOST_XUID"], "authorization": sign_in()}}
    """  # noqa: D205, D400, D415 - as above
    return {}
