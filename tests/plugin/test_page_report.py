"""``--mpsd-report=report.html``: one page of what each test did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugin.sessions import Suite, outcomes
from tests.reporting.pages import data_of


def report(suite: Suite, name: str = "report.html") -> dict[str, Any]:
    """What the page shows."""
    return data_of((suite.pytester.path / name).read_text(encoding="utf-8"))


def by_name(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tests of a page by the last part of their ids."""
    return {one["id"].rpartition("::")[2]: one for one in run["scopes"]}


def test_a_page_says_what_failed_and_what_was_sent(suite: Suite) -> None:
    """Tests with traffic, and all that failed, each with its failure; other tests are only counted."""
    suite.write("""
        LISTENING = {"active": True, "connection": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "subscription": {"id": "845cc784-7348-4a27-bcde-c083579dd113", "changeTypes": ["everything"]}}

        def test_claims(mpsd):
            host, guest = mpsd.user("host"), mpsd.user("guest")
            lobby = mpsd.session("lobby-1", members=[host])
            send({"version": 1, "type": "invite", "sessionRef": lobby.ref, "invitedXuid": guest.xuid,
                  "inviteAttributes": {"titleId": "1234567890"}}, authorization=host.authorization)
            mpsd.assert_invited("9000000000000012")

        def test_pushes(mpsd):
            host, guest = mpsd.user("host"), mpsd.user("guest")
            lobby = mpsd.session("lobby-1", members=[host, guest])
            send({"members": {"me": {"properties": {"system": LISTENING}}}}, lobby.path, "PUT", guest.authorization)
            send({"members": {"me": {"properties": {"custom": {"n": 1}}}}}, lobby.path, "PUT", host.authorization)

        def test_without_a_double():
            assert 1 == 2

        def test_quiet():
            pass
    """)

    result = suite.run("--mpsd-report=report.html", "--tb=no")
    run, tests = report(suite), by_name(report(suite))

    result.stdout.fnmatch_lines(["the MPSD report is in report.html"])
    assert ("2 of 4 tests failed", True) == (run["title"], run["is_failed"])
    assert "1 without traffic not shown" in run["ended"]
    assert {"test_claims": "failed", "test_pushes": "passed", "test_without_a_double": "failed"} == {
        name: one["outcome"] for name, one in tests.items()
    }
    (failure,) = tests["test_claims"]["failures"]
    assert failure["message"].startswith("AssertionError: 9000000000000012 was not invited")
    assert "wanted '9000000000000012'   sent '9000000000000002'" in failure["message"]
    ((entry,), (taps,)) = (
        [part[what] for part in tests[name]["parts"]]
        for name, what in [("test_claims", "entries"), ("test_pushes", "taps")]
    )
    assert ["create_handle", "XBL3.0 (masked)"] == [entry[0]["operation"], dict(entry[0]["headers"])["Authorization"]]
    assert [2] == [tap["after"] for tap in taps]


def test_no_credential_is_in_a_page(suite: Suite) -> None:
    """Neither as a header, nor in what a failure quotes of it."""
    suite.write("""
        def test_it(mpsd):
            token = "XBL3.0 x=9000000000000001;made-up-" + "secret"
            send(authorization=token)
            assert token == "another"
    """)

    suite.run("--mpsd-report=report.html")
    page = (suite.pytester.path / "report.html").read_text()

    assert "secret" not in page.replace('+ \\"secret\\"', "")  # as the line of the test has it
    assert "(masked)" in report(suite)["scopes"][0]["failures"][0]["text"]


def test_a_claim_says_which_double_it_is_about(suite: Suite) -> None:
    """Each counts its requests from 1: the numbers in a failure are those of its own double, also when awaited."""
    suite.write("""
        import asyncio
        import handlesfake

        @pytest.mark.parametrize("kind", ["first", "second", "awaited", "plain"])
        def test_it(mpsd, kind):
            send()
            with handlesfake.fake() as other:
                send()
                if kind == "first":
                    mpsd.assert_not_sent("create_handle")
                elif kind == "second":
                    other.assert_sent("create_handle", times=2)
                elif kind == "awaited":
                    asyncio.run(awaited(other))
            assert kind is None

        async def awaited(mpsd):
            await mpsd.soon.assert_sent("create_handle", times=2, within=0.01)
    """)

    suite.run("--mpsd-report=report.html")
    tests = by_name(report(suite))

    assert [[0, 1]] * 4 == [[part["double"] for part in one["parts"]] for one in tests.values()]
    assert {"first": 0, "second": 1, "awaited": 1, "plain": None} == {
        name[8:-1]: one["failures"][0].get("double") for name, one in tests.items()
    }


@pytest.mark.thorough
def test_workers_fill_one_page(suite: Suite) -> None:
    """Under xdist the controller writes what all workers saw."""
    suite.write("""
        @pytest.mark.parametrize("turn", range(4))
        def test_it(mpsd, turn):
            send()
            assert turn != 2
    """)

    suite.run("-n2", "--mpsd-report=report.html", plugins=("xdist.plugin",))
    tests = by_name(report(suite))

    assert {f"test_it[{turn}]": "failed" if turn == 2 else "passed" for turn in range(4)} == {
        name: one["outcome"] for name, one in tests.items()
    }
    assert [1, 1, 1, 1] == [len(one["parts"][0]["entries"]) for one in tests.values()]


def test_a_test_that_is_run_again_tells_its_attempts(suite: Suite) -> None:
    """The last run counts, and the failure of the one before is kept with its number."""
    suite.write("""
        turns = []

        @pytest.mark.flaky(reruns=1)
        def test_it(mpsd):
            send()
            turns.append(1)
            assert len(turns) == 2
    """)

    suite.run("--mpsd-report=report.html", plugins=("pytest_rerunfailures",))
    (test,) = report(suite)["scopes"]

    assert ("passed", 2, [1]) == (test["outcome"], test["attempts"], [one["attempt"] for one in test["failures"]])
    assert 1 == len(test["parts"][0]["entries"])


def test_each_double_of_a_test_has_its_part(suite: Suite) -> None:
    """With where it was started; one that started before the test has only the requests of the test."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="module")
        def world():
            with handlesfake.fake() as double:
                yield double

        def test_one(world):
            send()

        def test_two(world):
            send()
            with handlesfake.fake() as other:
                send(path="/two")
    """)

    suite.run("--mpsd-report=report.html", "-W", "ignore")
    tests = by_name(report(suite))

    assert [1] == [len(part["entries"]) for part in tests["test_one"]["parts"]]
    assert [["create_handle"], ["unrouted"]] == [
        [entry["operation"] for entry in part["entries"]] for part in tests["test_two"]["parts"]
    ]
    assert [True, True] == [
        part["title"].startswith("started in test_party.py") for part in tests["test_two"]["parts"]
    ]


def test_what_fails_before_any_test_is_told(suite: Suite) -> None:
    """A file that cannot be collected, and a fixture that raises; skipped and expected failures are counted."""
    suite.write("""
        @pytest.fixture
        def broken(mpsd):
            send()
            raise KeyError("begin")

        def test_it(broken):
            pass

        @pytest.mark.skip
        def test_skipped(mpsd):
            pass

        @pytest.mark.xfail(strict=True)
        def test_expected(mpsd):
            send()
            assert False
    """)
    suite.write("import nothing_of_that_name", "test_other")

    suite.run("--mpsd-report=report.html", "--continue-on-collection-errors")
    run = report(suite)

    assert [
        ("test_other.py", "failed"),
        ("test_party.py::test_it", "failed"),
        ("test_party.py::test_expected", "xfailed"),
    ] == [(one["id"], one["outcome"]) for one in run["scopes"]]
    assert ["collect", "setup"] == [one["failures"][0]["when"] for one in run["scopes"][:2]]


def test_rules_that_never_acted_are_told(suite: Suite) -> None:
    """Those of files, once for the whole run."""
    folder = suite.pytester.path / "rules"
    folder.mkdir()
    (folder / "busy.yaml").write_text("rules:\n- name: busy\n  when: {type: invite}\n  then: {refuse: throttled}\n")
    suite.write("""
        @pytest.mark.mpsd(rules="busy.yaml")
        def test_it(mpsd):
            send()
    """)

    suite.run("--mpsd-report=report.html")

    assert ["rules/busy.yaml, line 2, column 3: rule 'busy'"] == [
        rule.replace("\\", "/") for rule in report(suite)["unused_rules"]
    ]


def test_the_ini_file_names_a_page_too(suite: Suite) -> None:
    """Relative to rootdir; the option wins."""
    suite.ini("mpsd_report = reports/mpsd.html")
    suite.write("""
        def test_it(mpsd):
            send()
    """)

    suite.run()
    suite.run("--mpsd-report=other.html")

    assert ["1 test passed"] * 2 == [report(suite, name)["title"] for name in ("reports/mpsd.html", "other.html")]
    assert ["mpsd.html"] == [path.name for path in (suite.pytester.path / "reports").iterdir()]


@pytest.mark.parametrize("setting", ["option", "ini"])
def test_a_page_that_cannot_be_written_ends_the_session_before_it_begins(suite: Suite, setting: str) -> None:
    """As pytest's usage error, with what to name instead."""
    suite.write("""
        def test_it(mpsd):
            pass
    """)
    (suite.pytester.path / "taken.html").mkdir()
    if setting == "ini":
        suite.ini("mpsd_report = taken.html")
    result = suite.run(*(["--mpsd-report=taken.html"] if setting == "option" else []))

    said = "--mpsd-report=taken.html" if setting == "option" else "mpsd_report = taken.html"
    assert 4 == result.ret
    result.stderr.fnmatch_lines([f"ERROR: {said}: Is a directory; name a file, or - for the terminal."])


@pytest.mark.parametrize("name", ["report.html", "report.json"])
def test_a_disk_that_fills_meanwhile_fails_no_test(suite: Suite, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The terminal says that there is no report, and why."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("handlesfake.files.whole_file.write_whole", full)
    suite.write("""
        def test_it(mpsd):
            send()
    """)
    result = suite.run(f"--mpsd-report={name}")

    assert {"passed": 1} == outcomes(result)
    result.stdout.fnmatch_lines([f"--mpsd-report={name}: No space left on device; no report was written"])
    result.stdout.no_fnmatch_line("the MPSD report is in *")


@pytest.mark.parametrize(("how", "title"), [("exit", "1 test passed, 1 unfinished"), ("fail", "1 of 2 tests failed")])
def test_a_run_that_was_cut_short_does_not_look_whole(suite: Suite, how: str, title: str) -> None:
    """Ctrl-C and -x leave tests out: their page says so."""
    suite.write(f"""
        @pytest.mark.parametrize("turn", range(3))
        def test_it(mpsd, turn):
            send()
            if turn == 1:
                getattr(pytest, {how!r})("enough")
    """)
    suite.run("-x", "--mpsd-report=report.html")

    assert (f"{title}; the run was cut short", True) == (report(suite)["title"], report(suite)["is_failed"])


def test_a_report_without_a_name(suite: Suite) -> None:
    """A variable that has no value makes an empty name."""
    suite.write("def test_it(): pass")
    result = suite.run("--mpsd-report=")

    assert 4 == result.ret
    result.stderr.fnmatch_lines(["ERROR: --mpsd-report=: it names no file; name one, or - for the terminal."])
