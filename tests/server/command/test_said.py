"""An empty text on the command line is a variable that was not set, and no folder, host or address."""

from __future__ import annotations

import pytest

from handlesfake.cli import main

PLACES = ("--tls", "--state", "--rules", "--templates", "--choices", "--cassette", "--credentials", "--ready-file",
          "--journal", "--report", "--host", "--name", "--control", "--upstream")  # fmt: skip


@pytest.mark.parametrize("option", PLACES)
def test_an_option_of_the_server_says_something(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``--tls "$DIR"`` would make an authority in the folder one is in, ``--host "$HOST"`` listen to everybody."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", option, "", "--", "true"])

    assert 2 == ended.value.code
    assert capsys.readouterr().err.endswith(
        f"error: argument {option}: nothing is said: is a variable empty? Say something, or leave it out\n"
    )


@pytest.mark.parametrize("words", [("show", ""), ("verify", ""), ("scan", ""), ("import", "", "--to", "x.yaml")])
def test_a_file_that_is_read_has_a_name(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """It would be the folder one is in."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))

    assert 2 == ended.value.code
    assert "nothing is said: is a variable empty?" in capsys.readouterr().err
