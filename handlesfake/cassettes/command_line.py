"""The commands that read cassettes: handlesfake show | verify."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

FINE, FOUND_SOMETHING = 0, 1


def add_show(parser: argparse.ArgumentParser) -> None:
    """``handlesfake show CASSETTE``."""
    parser.add_argument("cassette", type=Path, metavar="CASSETTE")
    parser.add_argument("--bodies", action="store_true", help="with the JSON of requests and answers")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.cassettes.loading import load
    from handlesfake.cassettes.showing import as_json, timeline

    cassette = load(options.cassette)
    if options.json:
        print(json.dumps(as_json(cassette), indent=2))
    else:
        print(timeline(cassette, bodies=options.bodies))
    return FINE
