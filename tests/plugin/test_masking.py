"""While a test records, nothing that is kept has real people: each has the name from the cassette.

The people here are made up, in the range of real xuids: see ``handlesfake.cassettes.people.pseudonyms``.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.people.pseudonyms import FIRST_REAL_XUID, Pseudonyms
from handlesfake.cassettes.recording.masking import Masking
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from tests.intercept.loopback import Loopback
from tests.plugin.sessions import Suite
from tests.plugin.test_recording_workers import server
from tests.reporting.pages import data_of

__all__ = ["server"]

XUID, GAMERTAG, SHORT = str(FIRST_REAL_XUID + 77), "Velvet Otter 41", "Rex"
STRANGER = str(FIRST_REAL_XUID + 78)
TOKEN = "eyJhbGciOiJub25lIn0.made-up-token-of-the-host"
TEST = """
    import http.client, json, pytest

    @pytest.fixture(scope="session")
    def mpsd_credentials():
        return {{"host": {{"xuid": "{xuid}", "authorization": "XBL3.0 x=1111111111111111111;{token}"}}}}

    @pytest.mark.mpsd(cassette="lobby", unrouted="warn")
    @pytest.mark.parametrize("number", [1, 2])
    def test_it(mpsd, number, record_property):
        host = mpsd.user("host")
        connection = http.client.HTTPConnection("{authority}")
        body = {{"type": "activity", "invitedXuid": "{stranger}", "gamertag": "{gamertag}", "owner": {{"gamertag": "{short}"}}}}
        connection.request("POST", f"/users/xuid({stranger})?n={{number}}", json.dumps(body), host.headers)
        connection.getresponse().read()
        connection.request("POST", "/handles", json.dumps(body), {{**host.headers, "X-Own": "{gamertag}"}})
        connection.getresponse().read()
        print("printed", host.xuid, host.authorization)
        record_property("who", host.xuid)
        print({{"gamertag": "{short}"}}, "{gamertag}")
        assert "{gamertag} {stranger}" == host.xuid
"""


def kept(
    suite: Suite, server: Loopback, *arguments: str, plugins: tuple[str, ...] = (), name: str = "report.json"
) -> dict[str, str]:
    """All that a run of two failing tests that record leaves: what to its text."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(
        TEST.format(
            xuid=XUID, stranger=STRANGER, gamertag=GAMERTAG, short=SHORT, token=TOKEN, authority=server.authority
        )
    )
    result = suite.run(
        "--mpsd-record=once", f"--mpsd-report={name}", "--junit-xml=junit.xml", *arguments, plugins=plugins
    )
    path = suite.pytester.path
    assert 2 == result.parseoutcomes()["failed"]
    return {
        # the lines of the test itself are shown by --tb=long: who writes names there has them in the repository
        "terminal": str(result.stdout) + str(result.stderr),
        "report": (path / name).read_text(),
        "junit": (path / "junit.xml").read_text(),
    }


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)], ids=["one process", "two workers"]
)
def test_nobody_real_is_in_what_is_kept(suite: Suite, server: Loopback, workers: tuple[str, ...]) -> None:
    """Neither in the terminal, nor in ``--mpsd-report``, nor in ``junit.xml``; the pseudonyms of the cassette are."""
    found = kept(suite, server, "-rA", *workers, plugins=("xdist.plugin",) if workers else ())
    cassette = load_cassette(next(suite.pytester.path.rglob("lobby.yaml.rejected")))
    document = json.loads(
        next(one.request.body for one in cassette.interactions if one.call.operation == "create_handle")
    )
    stranger, gamertag, short = document["invitedXuid"], document["gamertag"], document["owner"]["gamertag"]

    for what, text in found.items():
        lines = "\n".join(line for line in text.splitlines() if "body = {" not in line)
        assert [] == [one for one in (XUID, STRANGER, GAMERTAG, TOKEN, f"'{SHORT}'", f'"{SHORT}"') if one in lines], (
            what
        )
        assert cassette.roles["host"] in lines
        assert stranger in lines
    for text in (gamertag, short):
        assert f'"{text}"' in found["report"]
    assert f"{gamertag} {stranger}" in found["terminal"]


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)], ids=["one process", "two workers"]
)
def test_the_traffic_of_a_failed_test_is_in_junit_xml(
    suite: Suite, server: Loopback, workers: tuple[str, ...]
) -> None:
    """As a part of its failure, also from workers; only once in the terminal."""
    found = kept(suite, server, *workers, plugins=("xdist.plugin",) if workers else ())
    failures = [one.text or "" for one in ET.fromstring(found["junit"]).iter("failure")]

    assert [True, True] == ["- MPSD: 2 requests" in text and "create_handle activity" in text for text in failures]
    assert 2 == found["terminal"].count("- MPSD: 2 requests")
    assert 2 == found["terminal"].count("create_handle activity")


def test_an_error_of_a_fixture_has_the_traffic_in_junit_xml(suite: Suite) -> None:
    """And one that we raise ourselves."""
    suite.write("""
        @pytest.fixture
        def broken(mpsd):
            send()
            assert False

        def test_error(broken):
            pass

        def test_ours(mpsd):
            mpsd.assert_invited("9000000000000001")
            send()

        def test_swallowed(nobody_answers):
            swallow()
    """)
    suite.run("--junit-xml=junit.xml")
    tree = ET.parse(suite.pytester.path / "junit.xml")
    texts = {case.get("name"): "".join(case.itertext()) for case in tree.iter("testcase")}

    assert "- MPSD: 1 request" in texts["test_error"]
    assert "- MPSD: 1 request" in texts["test_swallowed"]
    assert "MPSD:" not in texts["test_ours"]


def masking() -> Masking:
    """One that knows a role and a gamertag."""
    scrubber = Scrubber(Pseudonyms(b"a key that only tests have"), {XUID: "9000000000000001"})
    scrubber.learned.learn(GAMERTAG, "Player197008393")
    scrubber.learned.learn(SHORT, "Player3")
    return Masking(scrubber)


PIECES = {
    f'\'{{"id": "/han...{XUID[-11:]}"}}\'': '\'{"id": "/han...00000000001"}\'',
    f"{XUID[:9]}...{GAMERTAG[-8:]} went": "900000000...97008393 went",
    f"{GAMERTAG[:9]}...": "Player197...",
    f"'{SHORT}' and \"{SHORT}\", not {SHORT}ord": "'Player3' and \"Player3\", not Rexord",
    f"...{XUID[-4:]}": f"...{XUID[-4:]}",
    "nobody ... is here": "nobody ... is here",
}


@pytest.mark.parametrize("text", PIECES)
def test_pieces_of_names_are_masked(text: str) -> None:
    """Pytest cuts what it shows: the end of a xuid says as much as the whole."""
    assert PIECES[text] == masking().text(text)


def test_a_real_xuid_that_no_recording_has_met_is_masked() -> None:
    """By its form: always by the same pseudonym."""
    masked = masking()

    assert STRANGER not in masked.text(f"who is {STRANGER}?")
    assert masked.text(STRANGER) == masked.text(STRANGER) == masked.value({"a": [STRANGER]})["a"][0]


def test_a_replay_shows_what_it_has(suite: Suite, server: Loopback) -> None:
    """Nothing is masked where no real people take part."""
    suite.write(f"""
        def test_it(mpsd):
            print("{GAMERTAG} {STRANGER}")
            assert False
    """)

    suite.run().stdout.fnmatch_lines([f"{GAMERTAG} {STRANGER}"])


def test_nobody_real_is_in_a_page(suite: Suite, server: Loopback) -> None:
    """The report for people has the pseudonyms of the cassette, too, and no header that the cassette does not keep."""
    page = kept(suite, server, name="report.html")["report"]
    (first, _) = data_of(page)["scopes"]
    lines = "\n".join(line for line in page.split("\\n") if "body = {" not in line)

    assert [] == [one for one in (XUID, STRANGER, GAMERTAG, TOKEN, f'\\"{SHORT}\\"') if one in lines]
    headers = dict(first["parts"][0]["entries"][1]["headers"])
    assert ["XBL3.0 (masked)", "(masked)"] == [headers["Authorization"], headers["X-Own"]]
