"""Lists what is not plain yet: ``python -m tests.plain_english [PATH ...]``, or ``--count`` by file.

``--shrink`` writes the list of files that are not plain yet; no count rises by it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.plain_english.findings import findings, sources
from tests.plain_english.texts import ROOT

LIST = Path(__file__).with_name("not_yet.txt")


def shrink(counts: Counter[str]) -> None:
    """Write the list, with no more files and no higher counts than it has."""
    lines = [line.split() for line in LIST.read_text(encoding="utf-8").splitlines()]
    kept = [(min(int(count), counts[name]), name) for count, name in lines if counts[name]]
    LIST.write_text("".join(f"{count} {name}\n" for count, name in kept), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Print each finding, or how many each file has."""
    wanted = [argument for argument in arguments if not argument.startswith("--")]
    found = [
        finding
        for path in sources()
        if not wanted or any(path.relative_to(ROOT).as_posix().startswith(prefix) for prefix in wanted)
        for finding in findings(path)
    ]
    if "--shrink" in arguments:
        shrink(Counter(finding.path for finding in found))
    elif "--count" in arguments:
        for (name, kind), count in Counter((finding.path, finding.kind) for finding in found).most_common():
            print(f"{count:5} {name} ({kind})")
    else:
        for finding in found:
            print(finding)
    print(len(found), "findings")


if __name__ == "__main__":
    main(sys.argv[1:])
