"""A suite of pytest-recording runs here: ``mpsd_vcr_marker = true``."""

from __future__ import annotations

import hashlib
from pathlib import Path

import vcr

from tests.plugin.sessions import Suite, outcomes

THEIRS = """
    import pytest
    from party import send

    @pytest.mark.vcr
    def test_plain():
        assert 203 == send()[0]

    class TestNights:
        @pytest.mark.vcr
        @pytest.mark.parametrize("version", ["105", "1/7"])
        def test_each(self, version):
            assert 203 == send(version=version)[0]

    @pytest.mark.vcr
    @pytest.mark.default_cassette("other")
    def test_named():
        assert 203 == send()[0]
"""
URL = "https://sessiondirectory.xboxlive.com/handles"


def recorded(folder: Path, *names: str) -> None:
    """What pytest-recording makes of an answer 203 to the suite's request, by vcrpy's own hand."""
    for name in names:
        with vcr.use_cassette(str(folder / name)) as cassette:
            body = (
                b'{"version": 1, "type": "activity", "sessionRef": {"scid": "7e570100-1111-4222-8333-444455556666",'
                b' "templateName": "FakeLobby", "name": "lobby-1"}}'
            )
            request = vcr.request.Request("POST", URL, body, {"Content-Type": "application/json"})
            answer = {"status": {"code": 203, "message": "OK"}, "headers": {}, "body": {"string": b"{}"}}
            cassette.append(request, answer)


def test_tests_marked_vcr_replay_what_pytest_recording_recorded(suite: Suite) -> None:
    """Its folders, its names, its marker for other names; a line of settings, and not a word of the suite."""
    suite.ini("mpsd_vcr_marker = true")
    suite.write(THEIRS)
    names = ("test_plain", "TestNights.test_each[105]", "TestNights.test_each[1-7]", "other")
    recorded(suite.pytester.path / "cassettes" / "test_party", *(f"{name}.yaml" for name in names))

    result = suite.run("--strict-markers")

    assert {"passed": 4} == outcomes(result)


def test_a_marker_of_ours_says_more(suite: Suite) -> None:
    """A test with both markers has the double that ours asks for."""
    suite.ini("mpsd_vcr_marker = true")
    suite.write("""
        from party import send

        @pytest.mark.vcr
        @pytest.mark.mpsd(mode="fake")
        def test_it(mpsd):
            assert 201 == send()[0]
    """)

    assert {"passed": 1} == outcomes(suite.run())


def test_without_the_setting_the_marker_is_nobodys(suite: Suite) -> None:
    """A suite that has pytest-recording keeps it."""
    suite.write("""
        @pytest.mark.vcr
        def test_it(request):
            assert "mpsd" not in request.fixturenames
    """)

    assert {"passed": 1} == outcomes(suite.run("-W", "ignore::pytest.PytestUnknownMarkWarning"))


LONG = "-".join(["x" * 55] * 4)


def test_names_that_are_long_find_what_pytest_recording_has_called_so(suite: Suite) -> None:
    """By its marker and by ours: a file may have 255 bytes, and pytest-recording uses them all."""
    suite.ini("mpsd_vcr_marker = true", "mpsd_cassette_dir = cassettes")
    suite.write("""
        import pytest
        from party import send

        @pytest.mark.vcr
        @pytest.mark.parametrize(list("abcd"), [["x" * 55] * 4])
        def test_theirs(a, b, c, d):
            assert 203 == send()[0]

        @pytest.mark.mpsd(cassette=True)
        @pytest.mark.parametrize(list("abcd"), [["x" * 55] * 4, "1/7-"])
        def test_ours(mpsd, a, b, c, d):
            assert 203 == send()[0]
    """)
    names = (f"test_theirs[{LONG}]", f"test_ours[{LONG}]", "test_ours[1---7--]")
    recorded(suite.pytester.path / "cassettes" / "test_party", *(f"{name}.yaml" for name in names))

    assert {"passed": 3} == outcomes(suite.run())


def test_names_that_no_file_can_have_are_cut_and_can_be_read(suite: Suite) -> None:
    """The letters themselves, as many as there is room for, and a hash of all: the same on every machine."""
    suite.ini("mpsd_vcr_marker = true")
    suite.write("""
        import pytest

        @pytest.mark.mpsd(cassette=True)
        @pytest.mark.parametrize("word", ["\u65e5" * 90])
        def test_far(mpsd, word):
            pass

        @pytest.mark.mpsd(cassette=True)
        @pytest.mark.parametrize(list("abcde"), [["x" * 60] * 5])
        def test_long(mpsd, a, b, c, d, e):
            pass

        @pytest.mark.vcr
        @pytest.mark.parametrize(list("abcde"), [["x" * 60] * 5])
        def test_theirs(a, b, c, d, e):
            from party import send
            send()
    """)
    text = suite.run().stdout.str()
    five = "-".join(["x" * 60] * 5)

    assert {
        cut("test_far[" + "\u65e5" * 90 + "]"),
        cut(f"test_long[{five}]"),
        cut(f"test_theirs[{five}]"),
    } == {line.split("looked for")[1].strip() for line in text.splitlines() if "looked for" in line}


def cut(name: str) -> str:
    """The path of the cassette of a test called so: 170 bytes of it, and twelve digits of the hash of all."""
    begin = name.encode()[:170].decode("utf-8", "ignore")
    return f"cassettes/test_party/{begin}~{hashlib.sha256(name.encode()).hexdigest()[:12]}.yaml"
