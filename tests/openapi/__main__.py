"""Start a server, let schemathesis ask it whatever its description allows, and end with its status.

::

    python -m tests.openapi                          # as long as it takes, about ten minutes
    python -m tests.openapi --max-time 60            # any option of `schemathesis run`
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.server.servers import process

HERE = Path(__file__).parent
_BEGINS_WITH = ("--state", str(HERE / "party.yaml"), "--rules", str(HERE / "busy.yaml"))


def main(*options: str) -> int:
    """The status of schemathesis; 1 where the server has not survived it."""
    schemathesis = Path(sys.executable).with_name("schemathesis")
    settings = ("--config-file", str(HERE / "schemathesis.toml"))
    path = os.pathsep.join(filter(None, (str(HERE.parents[1]), os.environ.get("PYTHONPATH"))))
    with process("--json", *_BEGINS_WITH) as server, TemporaryDirectory() as folder:  # it keeps a log where it runs
        address = f"{server.ready['control']}/openapi.json"
        command = [str(schemathesis), *settings, "run", address, *options]
        environment = {**os.environ, "PYTHONPATH": path}
        status = subprocess.run(command, env=environment, cwd=folder, check=False).returncode
        return status or int(server.process.poll() is not None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
