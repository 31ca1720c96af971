"""A test that fails on a fault shows the user's code and the client's, and nothing of ours."""

from __future__ import annotations

import pytest

SUITE = """
import asyncio, aiohttp, http.client, httpx, requests, responses, urllib.request

HOST = "sessiondirectory.xboxlive.com"
URL = f"https://{HOST}/handles"

def test_requests(mpsd):
    mpsd.fault("FAULT")
    requests.get(URL)

def test_http_client(mpsd):
    mpsd.fault("FAULT")
    connection = http.client.HTTPSConnection(HOST)
    connection.request("GET", "/handles")
    connection.getresponse()

def test_urllib(mpsd):
    mpsd.fault("FAULT")
    urllib.request.urlopen(URL)

def test_httpx(mpsd):
    mpsd.fault("FAULT")
    httpx.get(URL)

def test_httpx_async(mpsd):
    mpsd.fault("FAULT")

    async def main():
        async with httpx.AsyncClient() as client:
            await client.get(URL)

    asyncio.run(main())

def test_aiohttp(mpsd):
    mpsd.fault("FAULT")

    async def main():
        async with aiohttp.ClientSession() as session:
            await session.get(URL)

    asyncio.run(main())

@responses.activate
def test_responses(mpsd):
    mpsd.fault("FAULT")
    requests.get(URL)
"""


@pytest.mark.parametrize(
    "fault",
    [
        "reset",
        *(
            pytest.param(name, marks=pytest.mark.thorough)
            for name in ("garbage_status_line", "refused", "tls_failure", "read_timeout")
        ),
    ],
)
def test_no_frame_of_ours_is_shown(pytester: pytest.Pytester, fault: str) -> None:
    """Seven clients fail, and pytest prints no line of handlesfake in any traceback."""
    pytester.makepyfile(SUITE.replace("FAULT", fault))
    result = pytester.runpytest("-p", "no:cacheprovider", "-p", "no:asyncio")
    shown = [line for line in result.outlines if "handlesfake" in line and ".py:" in line]

    result.assert_outcomes(failed=7)
    assert [] == shown
