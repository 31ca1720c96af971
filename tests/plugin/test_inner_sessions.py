"""Suites of plugin authors: their tests run sessions with doubles in this process, and go on after them."""

from __future__ import annotations

import pytest

from tests.plugin.sessions import Suite, outcomes

INNER = '''
    INNER = """
    import handlesfake
    import pytest
    import requests

    URL = "https://sessiondirectory.xboxlive.com/handles/1"

    def ask(mpsd):
        import http.client, asyncio, aiohttp, httpx

        headers = mpsd.user("host").headers
        connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com")
        connection.request("GET", "/handles/1", headers=headers)
        yield connection.getresponse().status
        yield requests.get(URL, headers=headers).status_code
        yield httpx.get(URL, headers=headers).status_code

        async def get():
            async with aiohttp.ClientSession() as session, session.get(URL, headers=headers) as response:
                return response.status

        yield asyncio.run(get())

    def test_the_fixture(mpsd):
        assert [404] * 4 == list(ask(mpsd))

    def test_by_hand():
        with handlesfake.fake() as mpsd:
            assert [404] * 4 == list(ask(mpsd))

    def test_its_errors(mpsd):
        mpsd._core.engine.stages = ()
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.Unanswered):
            list(ask(mpsd))

    def test_its_calls(mpsd):
        import responses

        with responses.RequestsMock() as rsps:
            mpsd.register_on(rsps)
            requests.get(URL, headers=mpsd.user("host").headers)
            assert [URL] == [call.request.url for call in rsps.calls]
    """
    import http.client, aiohttp, asyncio, httpx, requests, responses  # out here: inner sessions meet them again
    import textwrap

    @pytest.mark.parametrize("time", range(2))
    def test_inner(pytester, time):
        pytester.makepyfile(textwrap.dedent(INNER))
        pytester.makeini("[pytest]")
        result = pytester.runpytest_inprocess("-p", "handlesfake.pytest_plugin", "-p", "no:cacheprovider")
        result.assert_outcomes(passed=4)
'''


@pytest.fixture
def outer(suite: Suite) -> Suite:
    """A suite whose first two tests run an inner session each."""
    suite.pytester.makeconftest('pytest_plugins = ["pytester"]')
    suite.write(INNER)
    return suite


def test_each_session_has_its_doubles_and_is_judged(outer: Suite) -> None:
    """An inner session meets its doubles with any client, and so do outer tests after it, which fail for a miss."""
    outer.write(
        """
        import handlesfake

        def test_swallowed(mpsd):
            mpsd._core.engine.stages = ()
            swallow()

        def test_swallowed_by_hand():
            mpsd = handlesfake.fake().start()
            mpsd._core.engine.stages = ()
            swallow()
            mpsd.stop()

        def test_raised(mpsd):
            mpsd._core.engine.stages = ()
            with mpsd.expect_unanswered(), pytest.raises(handlesfake.Unanswered):
                send()
        """,
        "test_with_a_double_outside",
    )

    result = outer.apart("test_party.py", "test_with_a_double_outside.py")

    result.stdout.fnmatch_lines(
        ["FAILED *::test_swallowed - Failed: *", "FAILED *::test_swallowed_by_hand - Failed: *"]
    )
    assert {"passed": 3, "failed": 2} == outcomes(result)


def test_an_outer_session_without_the_plugin(outer: Suite) -> None:
    """All of handlesfake is dropped after each inner session, and what is imported again finds the same clients."""
    result = outer.pytester.runpytest_subprocess("-p", "no:cacheprovider", "test_party.py")

    assert {"passed": 2} == outcomes(result)
