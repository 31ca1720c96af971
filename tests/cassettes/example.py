"""Make the example in cassettes/ again, by ``python -m tests.cassettes.example``."""

from __future__ import annotations

from pathlib import Path

import handlesfake
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import evening
from tests.cassettes.service import serving
from tests.transports import by_requests

PATH = Path(__file__).parents[2] / "cassettes" / "test_recorded" / "first-night.yaml"


def main() -> None:
    """Record the example again."""
    with (
        serving() as service,
        handlesfake.record(PATH, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd,
    ):
        evening(mpsd, by_requests, f"http://{service.authority}")


if __name__ == "__main__":
    main()
