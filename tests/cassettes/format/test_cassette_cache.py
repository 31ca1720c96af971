"""What was read of cassettes is kept for the next run: the same as reading it again, or nothing at all."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.format import cassette_cache, reading
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import Head, cassette_text, rendered
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.systems.needed import system_has

KEPT = Path(__file__).parent / "kept"
THEIRS = """\
interactions:
- request: {method: POST, uri: 'https://a.test/', body: {a: 1, b: '1'}, headers: {}}
  response: {status: {code: 200, message: OK}, headers: {X-One: [a, b]}, body: {string: !!binary /w==}}
version: 1
"""
FILES = {
    **{f"{path.parent.name}/{path.name}": path.read_bytes() for path in sorted(KEPT.glob("*/*.*"))},
    "of-aiohttp.yaml": THEIRS.encode(),
}


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    """No folders are known yet."""
    yield
    for known in (cassette_cache._swept, cassette_cache._unwritable):
        known.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where it is kept; not there yet."""
    return tmp_path / "cache" / "cassettes"


def written(tmp_path: Path, *bodies: bytes, name: str = "lobby.yaml") -> Path:
    """A cassette of ours."""
    texts = [
        rendered(Interaction(1, Request("POST", "/handles", Headers(), body), Response(201, Headers(), body)))
        for body in bodies
    ]
    path = tmp_path / name
    path.write_text(cassette_text(Head({"host": "9000000000000001"}), texts), encoding="utf-8")
    return path


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing may be read by the reader of cassettes."""

    def refuse(*_: object) -> Cassette:
        raise AssertionError("it was read again")

    monkeypatch.setattr(reading, "read_cassette", refuse)


@pytest.mark.parametrize("name", FILES)
def test_the_second_time_is_like_the_first(
    name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of body, header, status and head; and the reader is asked once."""
    path = tmp_path / Path(name).name
    path.write_bytes(FILES[name])
    read = load_cassette(path)

    assert read == load_cassette(path, folder)
    read_once(monkeypatch)
    assert read == load_cassette(path, folder)


def test_a_cassette_that_has_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    """By its bytes, whatever time the file has."""
    path = written(tmp_path, b"one")
    before, stat = load_cassette(path, folder), path.stat()
    written(tmp_path, b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert (b"one", b"two") == tuple(
        tape.interactions[0].request.body for tape in (before, load_cassette(path, folder))
    )


def test_a_copy_under_another_name_is_the_same_content(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages have its own path; one that says by its name that it is JSON is read as such."""
    load_cassette(written(tmp_path, b"one"), folder)
    copy = written(tmp_path, b"one", name="copy.yaml")
    as_json = written(tmp_path, b"one", name="copy.json")

    with pytest.raises(CassetteError, match=r"copy\.json, line 1"):
        load_cassette(as_json, folder)
    read_once(monkeypatch)
    assert copy == load_cassette(copy, folder).path


DAMAGE = {
    "empty": lambda raw: b"",
    "cut short": lambda raw: raw[: len(raw) // 2],
    "one bit": lambda raw: raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:],
    "no digest": lambda raw: raw[65:],
    "not JSON": lambda raw: sealed(b"\x80\x04N."),
    "another document": lambda raw: sealed(b'{"headers":[],"interactions":[[1]]}'),
    "a list": lambda raw: sealed(b"[]"),
}


def sealed(text: bytes) -> bytes:
    """``text`` as if it had been kept."""
    return sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_read_and_kept_anew(
    damage: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was written there, nothing of it plays."""
    path = written(tmp_path, b"one", b"two")
    read = load_cassette(path, folder)
    (entry,) = folder.iterdir()
    good = entry.read_bytes()
    entry.write_bytes(DAMAGE[damage](good))

    assert read == load_cassette(path, folder)
    assert good == entry.read_bytes()
    read_once(monkeypatch)
    assert read == load_cassette(path, folder)


def test_a_cassette_that_cannot_be_read_is_an_error_each_time(folder: Path, tmp_path: Path) -> None:
    """With its place; nothing is kept of it."""
    path = tmp_path / "lobby.yaml"
    path.write_text("version: 1\ninteractions:\n- request: {}\n", encoding="utf-8")
    told = []
    for _ in range(2):
        with pytest.raises(CassetteError) as raised:
            load_cassette(path, folder)
        told.append(str(raised.value))

    assert [f"{path}, line 3, column 12: request has no method; the file may be cut short"] * 2 == told
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_costs_nothing(folder: Path, tmp_path: Path) -> None:
    """Each cassette is read as without it, and no word is said."""
    folder.parent.write_text("no folder", encoding="utf-8")
    path = written(tmp_path, b"one")

    assert [load_cassette(path)] * 2 == [load_cassette(path, folder) for _ in range(2)]


def test_what_is_kept_is_json_for_the_eyes_of_its_owner(folder: Path, tmp_path: Path) -> None:
    """A digest, and beneath it what the cassette says."""
    load_cassette(written(tmp_path, b"one"), folder)
    (entry,) = folder.iterdir()
    digest, _, text = entry.read_bytes().partition(b"\n")

    assert sha256(text).hexdigest() == digest.decode()
    assert {"host": "9000000000000001"} == json.loads(text)["roles"]
    assert os.name == "nt" or 0o600 == entry.stat().st_mode & 0o777


def test_several_may_read_the_same_at_once(folder: Path, tmp_path: Path) -> None:
    """As workers do: each has the whole, and nothing else is left behind."""
    path = written(tmp_path, *(b"%d" % number for number in range(50)))
    read, found = load_cassette(path), []
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        found.extend(load_cassette(path, folder) for _ in range(5))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [read] * 40 == found
    assert 1 == len(list(folder.iterdir()))


@system_has("links")
def test_a_draft_that_another_process_takes_away_is_passed_over(folder: Path, tmp_path: Path) -> None:
    """It is listed, and gone when it is looked at: what was read is still kept."""
    folder.mkdir(parents=True)
    gone = folder / "1234.abcd.draft"
    gone.symlink_to(tmp_path / "nowhere")  # listed, and not to be found
    path = written(tmp_path, b"one")
    load_cassette(path, folder)

    assert {gone} < set(folder.iterdir())


def test_the_oldest_go_where_there_is_too_much(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process begins to write: a suite that records again and again does not fill the disk."""
    names = [f"{number}.yaml" for number in range(4)]
    ages = {}
    for age, name in enumerate(names):
        load_cassette(written(tmp_path, name.encode() * 9, name=name), folder)
        (new,) = set(folder.iterdir()) - set(ages)
        ages[new] = age
        os.utime(new, (age, age))
    size = next(iter(ages)).stat().st_size
    monkeypatch.setattr(cassette_cache, "LARGEST_FOLDER", 2 * size)
    cassette_cache._swept.clear()
    load_cassette(written(tmp_path, b"new"), folder)

    assert [2, 3] == sorted(age for path, age in ages.items() if path.exists())


def test_what_is_too_large_is_not_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would push out all others."""
    monkeypatch.setattr(cassette_cache, "_LARGEST_ENTRY", 100)
    path = written(tmp_path, b"a" * 100)

    assert load_cassette(path) == load_cassette(path, folder)
    assert not folder.exists()


@pytest.mark.parametrize("changed", ["decoders", "reader"])
def test_another_reader_reads_again(
    changed: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade, or a decoder of content codings that has been installed: what was kept is not what it would read."""
    path = written(tmp_path, b"one")
    load_cassette(path, folder)
    if changed == "decoders":
        monkeypatch.setattr(cassette_cache, "decoders", lambda: ["br", "of some kind"])
    else:
        monkeypatch.setattr(cassette_cache, "__file__", __file__)
    cassette_cache._reader.cache_clear()
    load_cassette(path, folder)
    cassette_cache._reader.cache_clear()

    assert 2 == len(list(folder.iterdir()))
