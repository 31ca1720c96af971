"""``handlesfake import`` and ``export``: what the screen says, and what the cassette holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cli import main
from tests.captures.building import CAME, FILES, SENT, TOKEN, entry, flow, flows, har, headers, saz
from tests.captures.evening import REF, SESSION, XUIDS, join
from tests.captures.evening import requests as evening

ROLES = [f"--role={role}={xuid}" for role, xuid in XUIDS.items()]
FINE, COULD_NOT_LOOK = 0, 2


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to be in, and a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPSD_PSEUDONYM_KEY", "a key that the tests have made up")


def imported(*words: str | Path) -> int:
    """The status of the command; the cassette is ``lobby.yaml``."""
    return main(["import", *map(str, words), "--to", "lobby.yaml"])


def given(raw: bytes, name: str = "night.har") -> Path:
    """A capture that holds ``raw``."""
    path = Path(name)
    path.write_bytes(raw)
    return path


def held(path: str = "lobby.yaml") -> list[str]:
    """What the cassette holds, one line each."""
    return [f"{one.what} by {one.caller} {one.response.status}" for one in load_cassette(Path(path)).interactions]


EVENING = [
    "put_session by host 201",
    "create_handle by host 201",
    "create_handle by host 201",
    "put_session by guest 200",
    "get_session by guest 204",
]
AGREES = """\
the fake answers so, too:
5 of 5 exchanges agree in status, headers and body
5 times normalised: the recording and this run happen at different times
2 people normalised: a recording has pseudonyms for them, and the fake makes them up
keys in another order, which JSON gives no meaning: body.constants.system 2
"""
SCREENS = {
    "mitmproxy-12.3.1.mitm": """\
imported lobby.yaml: 5 of sessiondirectory.xboxlive.com, from 5 entries in mitmproxy-12.3.1.mitm (mitmproxy)
  removed    5 Authorization, 5 X-XblCorrelationId
  replaced   host 90...71 -> 9000000000000001   guest 90...72 -> 9000000000000002   2 gamertags
  review     handlesfake show lobby.yaml
""",
    "mitmproxy-12.3.1.har": """\
imported lobby.yaml: 5 of sessiondirectory.xboxlive.com, from 5 entries in mitmproxy-12.3.1.har (mitmproxy 12.3.1)
  removed    5 Authorization, 5 X-XblCorrelationId
  replaced   host 90...71 -> 9000000000000001   guest 90...72 -> 9000000000000002   2 gamertags
  review     handlesfake show lobby.yaml
""",
    "playwright-1.65.1.har": """\
imported lobby.yaml: 6 of sessiondirectory.xboxlive.com, from 6 entries in playwright-1.65.1.har (Playwright 1.65.1)
  callers    1 without a token, whose sender no exchange shows: only requests without a token will match
  removed    5 Authorization, 6 X-XblCorrelationId
  replaced   host 90...71 -> 9000000000000001   guest 90...72 -> 9000000000000002   2 gamertags
  review     handlesfake show lobby.yaml
""",
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_capture_of_a_real_tool(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The screen, and an evening of which the fake answers the same."""
    status = imported(FILES / name, *ROLES)

    assert SCREENS[name] + AGREES == capsys.readouterr().out
    assert FINE == status
    assert EVENING == [line for line in held() if "unrouted" not in line][-5:]
    assert "made-up-token" not in Path("lobby.yaml").read_text(encoding="utf-8")


def test_flow_file_and_har_of_a_run_make_the_same_cassette() -> None:
    """To the byte."""
    imported(FILES / "mitmproxy-12.3.1.mitm", *ROLES)
    by_flows = Path("lobby.yaml").read_bytes()
    imported(FILES / "mitmproxy-12.3.1.har", *ROLES, "--rewrite")

    assert by_flows == Path("lobby.yaml").read_bytes()


def test_what_was_imported_plays() -> None:
    """For the code under test, by roles."""
    imported(FILES / "mitmproxy-12.3.1.mitm", *ROLES)
    with handlesfake.replay("lobby.yaml") as mpsd:
        url = "https://sessiondirectory.xboxlive.com"
        host, guest = mpsd.user("host"), mpsd.user("guest")
        people = {XUIDS["host"]: host, XUIDS["guest"]: guest}
        answers = []
        for role, method, target, document in evening():
            text = json.dumps(document)
            for xuid, user in people.items():
                text = text.replace(xuid, user.xuid)
            user = host if role == "host" else guest
            body = None if document is None else json.loads(text)
            answers.append(requests.request(method, url + target, json=body, headers=user.headers).status_code)

        mpsd.assert_invited("guest", times=1)
    assert [201, 201, 201, 200, 204] == answers


@pytest.mark.parametrize("name", SCREENS)
def test_export_and_import_give_the_same_cassette(name: str) -> None:
    """To the byte, roles included."""
    imported(FILES / name, *ROLES)

    assert FINE == main(["export", "lobby.yaml", "--to", "lobby.har"])
    assert FINE == main(["import", "lobby.har", "--to", "again.yaml"])
    assert Path("lobby.yaml").read_bytes() == Path("again.yaml").read_bytes()


def test_odd_bodies_survive_an_export() -> None:
    """Bytes that are not UTF-8, U+FFFD, nothing under a Content-Type, a byte order mark."""
    bodies = [b"Zo\xeb", "Zo\ufffd".encode(), b"", b"\xef\xbb\xbf{}", b'{"a": 1}']
    lines = [[b"content-type", b"application/json"]]
    raw = flows(
        *(
            flow(
                request={"method": b"POST", "content": body, "path": b"/x/%d" % number, "headers": lines},
                response={"content": body, "headers": lines},
            )
            for number, body in enumerate(bodies)
        )
    )
    imported(given(raw, "odd.mitm"))
    main(["export", "lobby.yaml", "--to", "lobby.har"])
    main(["import", "lobby.har", "--to", "again.yaml"])

    assert bodies == [one.response.body for one in load_cassette(Path("lobby.yaml")).interactions]
    assert Path("lobby.yaml").read_bytes() == Path("again.yaml").read_bytes()


def test_an_export_is_har(capsys: pytest.CaptureFixture[str]) -> None:
    """With all that HAR 1.2 asks for."""
    imported(given(flows(flow(request={"method": b"POST", "content": b"{}", "path": b"/handles?a=%20b"}))))
    capsys.readouterr()
    main(["export", "lobby.yaml"])
    log = json.loads(capsys.readouterr().out)["log"]

    (one,) = log["entries"]
    assert ("1.2", "handlesfake", {}) == (log["version"], log["creator"]["name"], log["_roles"])
    assert {
        "startedDateTime": "1970-01-01T00:00:00.000Z",
        "time": 0,
        "request": {
            "method": "POST",
            "url": "https://sessiondirectory.xboxlive.com/handles?a=%20b",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [{"name": "a", "value": " b"}],
            "headersSize": -1,
            "bodySize": 2,
            "postData": {"mimeType": "", "text": "{}"},
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": 2, "mimeType": "x-unknown", "text": "{}"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 2,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": "create_handle",
    } == one


ODD = har(
    entry(method="PUT", url=f"https://sessiondirectory.xboxlive.com{SESSION}", sent=headers(Authorization=TOKEN)),
    entry(content={"text": ""}, came=headers(Content_Length="100")),
    entry(content={"text": ""}, came=headers(Content_Length="100")),
    entry(status=0),
    entry(url="https://login.live.com/x"),
    entry(url="wss://rta.xboxlive.com/connect", status=101),
    entry(url="data:,x"),
    entry(
        content={"text": "{}"},
        sent=headers(Authorization=TOKEN, Content_Length="2"),
        method="POST",
        post={"text": ""},
        url="https://sessiondirectory.xboxlive.com/odd",
    ),
    tool="Made Up 1",
)


def test_what_is_left_out_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With its reason; other hosts are counted."""
    imported(given(ODD), "--role=host=9000000000000071")

    assert """\
imported lobby.yaml: 1 of sessiondirectory.xboxlive.com, from 8 entries in night.har (Made Up 1)
  left out   #2 GET /handles, #3 GET /handles: the answer is not whole: 0 of 100 bytes
  left out   #4 GET /handles: no server answered
  left out   #8 POST /odd: the request's body is not in the file: 0 of 2 bytes
  callers    all taken for host's: there is one caller and one role, and no exchange shows a xuid
  callers    host 90...71 is nowhere in what was taken
  not asked  login.live.com 1, rta.xboxlive.com 1, addresses that are not HTTP 1: take a host by --host
  removed    1 Authorization
  replaced   host 90...71 -> 9000000000000001
  review     handlesfake show lobby.yaml
""" == capsys.readouterr().out.partition("the fake")[0]
    assert ["put_session by host 200"] == held()


def test_a_capture_that_is_named_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """By another way to the same file, too: a replay would want each request twice."""
    assert COULD_NOT_LOOK == imported(given(har(entry())), "./night.har")
    assert (
        "handlesfake: night.har is named twice, and each of its exchanges would be recorded twice\n"
        == capsys.readouterr().err
    )
    assert not Path("lobby.yaml").exists()


def test_a_host_that_nobody_asked_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A name with a typo takes nothing: it is said, with the one that was probably meant."""
    raw = har(entry(), entry(url="https://login.live.com/x"))
    imported(given(raw), "--host", "login.life.com", "--mpsd-host", "mpsd.test")

    assert [
        "  not met    login.life.com: nothing was sent there; did you mean 'login.live.com'?",
        "  not met    mpsd.test: nothing was sent there",
        "  not asked  login.live.com 1: take a host by --host",
    ] == [line for line in capsys.readouterr().out.splitlines() if line.startswith("  not ")]


def test_other_hosts_are_taken_under_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """And those that are MPSD, under its own."""
    raw = har(*(entry(url=f"https://{host}/handles") for host in ("login.live.com", "mpsd.test:8443", "a.example")))
    imported(given(raw), "--host", "Login.live.com", "--mpsd-host", "mpsd.test:8443")

    assert ["login.live.com", "sessiondirectory.xboxlive.com"] == [
        one.request.host for one in load_cassette(Path("lobby.yaml")).interactions
    ]
    assert "  not asked  a.example 1: take a host by --host\n" in capsys.readouterr().out


def test_nothing_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written."""
    status = imported(given(har(entry(url="https://a.example/"), tool="Made Up 1")))

    assert COULD_NOT_LOOK == status
    assert (
        """\
nothing was imported, and nothing is written: none of 1 entry in night.har (Made Up 1) can be taken
  not asked  a.example 1: take a host by --host
  asked      sessiondirectory.xboxlive.com; MPSD under another name: --mpsd-host
"""
        == capsys.readouterr().out
    )
    assert ["night.har"] == [path.name for path in Path().iterdir()]


def test_where_nothing_is_taken_no_caller_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    """The roles are not among the reasons."""
    status = imported(given(har(entry(status=0), tool="Made Up 1")), "--role=host=9000000000000071")

    assert COULD_NOT_LOOK == status
    assert "callers" not in capsys.readouterr().out


def test_callers_without_a_role_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With what the capture shows of them."""
    imported(FILES / "mitmproxy-12.3.1.mitm", ROLES[0])

    assert "  callers    user-1 has no role, xuid 90...72: name it by --role host=<xuid>\n" in capsys.readouterr().out
    assert "put_session by user-1 200" in held()


def sanitised(role: str, method: str, target: str, document: object) -> dict[str, object]:
    """An entry of a HAR from which the tokens were taken."""
    body = json.dumps(document) if document is not None else ""
    lines = headers(Content_Type="application/json", Content_Length=str(len(body)))
    return entry(method=method, url=f"https://sessiondirectory.xboxlive.com{target}", sent=lines, post={"text": body})


def test_a_sanitised_har_binds_roles_by_xuid() -> None:
    """A write names its sender; other requests belong to no user."""
    asked = [
        ("host", "PUT", SESSION, join("host")),
        ("guest", "PUT", SESSION, join("guest")),
        ("host", "GET", SESSION, None),
    ]
    imported(given(har(*(sanitised(*one) for one in asked))), *ROLES)

    assert ["put_session by host 200", "put_session by guest 200", "get_session by  200"] == held()


def test_a_sanitised_har_of_one_role_is_all_its(capsys: pytest.CaptureFixture[str]) -> None:
    """As long as no other xuid has sent anything."""
    asked = [("host", "POST", "/handles", {"type": "activity", "sessionRef": REF}), ("host", "GET", SESSION, None)]
    imported(given(har(*(sanitised(*one) for one in asked))), ROLES[0])

    assert ["create_handle by host 200", "get_session by host 200"] == held()
    assert "all taken for host's" in capsys.readouterr().out


def test_two_captures_of_one_evening(capsys: pytest.CaptureFixture[str]) -> None:
    """They come as they were sent, and are told apart."""
    one = given(har(entry(url="https://sessiondirectory.xboxlive.com/2"), entry(status=0), tool="A 1"), "a.har")
    other = given(
        flows(flow(request={"path": b"/1", "timestamp_start": 1.5}), flow(response={"trailers": []})), "b.mitm"
    )
    imported(one, other)

    assert ["/1", "/2", "/handles"] == [one.request.target for one in load_cassette(Path("lobby.yaml")).interactions]
    assert (
        """\
imported lobby.yaml: 3 of sessiondirectory.xboxlive.com, from 4 entries in a.har (A 1), b.mitm (mitmproxy)
  left out   a.har #2 GET /handles: no server answered
  look at    b.mitm #2: its trailers are left out
"""
        in capsys.readouterr().out
    )


def test_a_cassette_that_is_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    """Unless it is to be replaced."""
    capture = given(saz((SENT, CAME)), "night.saz")
    Path("lobby.yaml").write_text("mine\n")

    assert COULD_NOT_LOOK == imported(capture)
    assert (
        "handlesfake: lobby.yaml is there already; name another file, or say --rewrite to replace it\n"
        == capsys.readouterr().err
    )
    assert "mine\n" == Path("lobby.yaml").read_text()
    Path("lobby.yaml").unlink()
    assert FINE == imported(capture)
    assert FINE == imported(capture, "--rewrite")
    assert 1 == len(held())


def test_what_looks_like_a_secret_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    """And the screen says how to let it in."""
    body = json.dumps({"custom": {"blob": "q9Zr7Wm2Xk4Tn8Pv1Lc6Hs3Jd5Gf0BaYeUo"}}).encode()
    capture = given(flows(flow(response={"content": body, "headers": []})), "night.mitm")

    assert COULD_NOT_LOOK == imported(capture)
    screen = capsys.readouterr().out
    assert screen.startswith("rejected lobby.yaml.rejected: 1 of sessiondirectory.xboxlive.com, from 1 entry in ")
    assert screen.endswith(
        "  if they are not secrets, say so, and import again:\n      --not-secret body.custom.blob\n"
    )
    assert not Path("lobby.yaml").exists()
    assert FINE == imported(capture, "--not-secret", "body.custom.blob")


def test_an_answer_401_is_taken() -> None:
    """What was captured elsewhere cannot be recorded again."""
    status = imported(given(flows(flow(response={"status_code": 401}))))

    assert FINE == status
    assert [401] == [one.response.status for one in load_cassette(Path("lobby.yaml")).interactions]


def test_an_answer_that_comes_back_otherwise_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A cassette lays JSON out for review: where the very bytes do not come back, the screen says so."""
    body = b'{\n  "a": 1\n}'
    imported(given(flows(flow(response={"content": body, "headers": []})), "night.mitm"))
    (one,) = load_cassette(Path("lobby.yaml")).interactions
    is_told = "  look at    #1: the spaces in the JSON of its answer are not kept\n" in capsys.readouterr().out

    assert (one.response.body != body) == is_told


def test_a_cassette_in_json() -> None:
    """By its name."""
    main(["import", str(FILES / "mitmproxy-12.3.1.mitm"), *ROLES, "--to", "lobby.json"])

    assert EVENING == held("lobby.json")


def test_a_cassette_is_not_called_as_a_har(capsys: pytest.CaptureFixture[str]) -> None:
    """It would not be found; and an export never takes the place of a cassette."""
    capture = given(saz((SENT, CAME)), "night.saz")

    assert COULD_NOT_LOOK == main(["import", str(capture), "--to", "lobby.har"])
    assert FINE == imported(capture)
    assert COULD_NOT_LOOK == main(["export", "lobby.yaml", "--to", "lobby.yaml"])
    assert (
        "handlesfake: --to lobby.har: a cassette's name ends in .yaml, .yml, .json\n"
        "handlesfake: --to lobby.yaml: that is the name of a cassette; a HAR's ends in .har\n"
    ) == capsys.readouterr().err
    assert 1 == len(held())


EXPECTED = "behind the = stands the xuid, in digits, as the capture has it: --role host=9000000000000071"
WRONG = {
    "--role 'host': write the role and its xuid: --role host=9000000000000071": ["--role", "host"],
    "--role 'b': a role is one person, and a person one role": ["--role", "a=1", "--role", "b=1"],
    f"--role host=...: {EXPECTED}": ["--role", "host=Zoe"],
    f"--role guest=...: {EXPECTED}": ["--role", "guest="],
}


@pytest.mark.parametrize("message", WRONG)
def test_a_role_that_cannot_be_is_told(message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No person's name is shown."""
    status = imported(given(saz((SENT, CAME)), "night.saz"), *WRONG[message])

    assert (COULD_NOT_LOOK, f"handlesfake: {message}\n") == (status, capsys.readouterr().err)


BAD = {
    "night.har: the capture cannot be read: it is empty": b"",
    "night.har: the capture cannot be read: it is not JSON: line 1, column 2: Expecting property name enclosed in "
    "double quotes; it may be cut short": b"{",
}


@pytest.mark.parametrize("message", BAD)
def test_a_file_that_cannot_be_read_is_told(message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is written, though another file is good."""
    status = imported(given(har(entry()), "good.har"), given(BAD[message]))

    assert (COULD_NOT_LOOK, f"handlesfake: {message}\n") == (status, capsys.readouterr().err)
    assert ["good.har", "night.har"] == sorted(path.name for path in Path().iterdir())


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """In the system's words."""
    assert COULD_NOT_LOOK == imported("nowhere.har")
    assert (
        "handlesfake: nowhere.har: the capture cannot be read: No such file or directory\n" == capsys.readouterr().err
    )


def test_a_token_says_whose_a_hash_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A capture of a sign-in names the sender of what follows: XSTS answers with user hash and xuid."""
    host = "xsts.auth.xboxlive.com"
    token = {"Token": "t", "DisplayClaims": {"xui": [{"xid": "9000000000000072", "uhs": "31415926"}]}}
    signing = entry(url=f"https://{host}/xsts/authorize", came=headers(), content={"text": json.dumps(token)})
    imported(given(har(signing, entry(sent=headers(Authorization=TOKEN)))), "--host", host)

    assert "  callers    user-1 has no role, xuid 90...72: name it by --role host=<xuid>\n" in capsys.readouterr().out
