"""A claim of ``mpsd.soon`` that is never awaited, and a double that is never stopped, outside pytest."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Coroutine
from pathlib import Path

import pytest

import handlesfake
from tests import warm

TOLD = "mpsd.soon.assert_invited(...) was never awaited, and so has claimed nothing: script.py:"

SCRIPTS = {
    "async with": """
async def main():
    async with handlesfake.fake() as m:
        m.soon.assert_invited("3210")
""",
    "with": """
async def main():
    with handlesfake.fake() as m:
        m.soon.assert_invited("3210")
""",
    "stop": """
async def main():
    m = handlesfake.fake().start()
    m.soon.assert_invited("3210")
    m.stop()
""",
    "checkpoint": """
async def main():
    m = handlesfake.fake().start()
    with m.checkpoint():
        m.soon.assert_invited("3210")
""",
    "decorator": """
m = None

@handlesfake.fake()
async def main():
    from handlesfake.double.started_doubles import started
    started.active[-1].soon.assert_invited("3210")
""",
}


@pytest.mark.parametrize("loop", [False, True])
def test_a_hold_that_is_waited_for_without_await_fails(loop: bool) -> None:
    """``held.waiting_for()`` claims that requests have come, and without ``await`` none need have."""

    def forget() -> None:
        with handlesfake.fake() as mpsd, mpsd.hold("create_handle") as held:
            held.waiting_for(2)

    async def forget_in_a_loop() -> None:
        forget()

    with pytest.raises(AssertionError) as caught, warnings.catch_warnings():
        warnings.simplefilter("error")
        if loop:
            asyncio.run(forget_in_a_loop())
        else:
            forget()

    first, advice = str(caught.value).splitlines()
    assert first.startswith("held.waiting_for(2) was never awaited, and so has waited for nothing: tests/")
    assert "  write await before it, or, outside a loop, held.wait_for(2)" == advice


@pytest.mark.parametrize("way", SCRIPTS)
def test_a_script_fails(tmp_path: Path, way: str) -> None:
    """``asyncio.run`` of it ends with an error in our words, and without a warning of Python's."""
    script = tmp_path / "script.py"
    script.write_text(f"import asyncio\nimport handlesfake\n{SCRIPTS[way]}\nasyncio.run(main())\n")

    result = warm.run(str(script), cwd=tmp_path)

    assert 1 == result.returncode
    assert f"AssertionError: {TOLD}" in result.stderr
    assert "RuntimeWarning" not in result.stderr


def test_a_unittest_fails(tmp_path: Path) -> None:
    """``IsolatedAsyncioTestCase`` with ``enterAsyncContext``, run by unittest itself."""
    (tmp_path / "script.py").write_text(
        "import unittest\nimport handlesfake\n\n"
        "class TestIt(unittest.IsolatedAsyncioTestCase):\n"
        "    async def test_it(self):\n"
        "        m = await self.enterAsyncContext(handlesfake.fake())\n"
        '        m.soon.assert_invited("3210")\n'
    )

    result = warm.run("-m", "unittest", "script", cwd=tmp_path)

    assert 1 == result.returncode
    assert f"AssertionError: {TOLD}" in result.stderr


def test_a_double_that_is_never_stopped_is_told_as_the_process_ends(tmp_path: Path) -> None:
    """A line on stderr says where it was started, and what of it was forgotten; the exit code stays."""
    (tmp_path / "script.py").write_text(
        'import handlesfake\nm = handlesfake.fake().start()\nm.soon.assert_invited("3210")\n'
    )

    result = warm.run("script.py", cwd=tmp_path)

    assert (0, "") == (result.returncode, result.stdout)
    assert [
        "handlesfake: a double is still active: started in script.py:2; use with, or call its stop()",
        f"handlesfake: {TOLD}3 in <module>",
        "  write await before it, or, outside a loop, mpsd.assert_invited(..., within=1.0)",
    ] == result.stderr.splitlines()


def test_a_script_that_stops_its_doubles_says_nothing(tmp_path: Path) -> None:
    """No line for what has ended."""
    (tmp_path / "script.py").write_text("import handlesfake\nwith handlesfake.fake():\n    pass\n")

    result = warm.run("script.py", cwd=tmp_path)

    assert (0, "", "") == (result.returncode, result.stdout, result.stderr)


def test_a_claim_is_a_coroutine_that_may_be_closed() -> None:
    """One that is closed is wanted no more: it is not reported."""
    with handlesfake.fake() as mpsd, warnings.catch_warnings():
        warnings.simplefilter("error")
        claim = mpsd.soon.assert_invited("3210")
        assert isinstance(claim, Coroutine)
        claim.close()


def test_a_claim_whose_task_is_cancelled_is_none() -> None:
    """A task of it that is cancelled before it has begun was not forgotten."""

    async def cancel(mpsd: handlesfake.Double) -> None:
        task = asyncio.create_task(mpsd.soon.assert_invited("3210"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with handlesfake.fake() as mpsd:
        asyncio.run(cancel(mpsd))


def test_a_claim_from_before_a_checkpoint_is_left_for_later() -> None:
    """A checkpoint judges what was asked for inside it."""

    async def claim(mpsd: handlesfake.Double) -> None:
        settled = mpsd.soon.settle(0)
        with mpsd.checkpoint():
            pass
        await settled

    with handlesfake.fake() as mpsd:
        asyncio.run(claim(mpsd))
