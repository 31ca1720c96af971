"""Run by the Python of an old environment: ``record.py ORIGIN FOLDER``; one cassette for each exchange."""

import gc
import itertools
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import vcr
from exchanges import BODIES, CLIENTS, CODINGS


def record(origin, folder):
    """What each client got, by the name of the cassette."""
    got = {}
    for client, kind, coding, suffix in itertools.product(CLIENTS, BODIES, CODINGS, ["yaml", "json"]):
        name = f"{client} {kind} {coding}.{suffix}"
        try:
            with vcr.use_cassette(str(folder / name), serializer=suffix):
                status, content = CLIENTS[client](f"{origin}/{coding}", kind)
            got[name] = [status, content.hex()]
        except Exception as error:  # noqa: BLE001 - it is vcrpy's own failure, and stands in the table
            got[name] = f"{type(error).__name__}: {error}"
            gc.collect()  # else, perhaps in the middle of the next cassette: findings/vcrpy_after_a_failed_save.sh
    return got


print(json.dumps(record(sys.argv[1], pathlib.Path(sys.argv[2]))))
