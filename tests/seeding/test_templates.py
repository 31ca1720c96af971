"""Session templates: those that are ready, those that a file describes, and what is said of one that cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import handlesfake
from handlesfake import SettingsError
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Answer, Outcome
from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.settings import DEFAULT_TITLE_ID
from handlesfake.templates.shelf import READY, ready
from tests.sending import a_double, send

MINECRAFT_SCID = "4fc10100-5f7a-4470-899b-280835760c07"


def test_minecraft_lobby_is_what_clients_were_shown() -> None:
    """Scid, title and constants of MinecraftLobby are those of contract 18."""
    found = ready("minecraftlobby")

    assert found is not None
    assert ("MinecraftLobby", MINECRAFT_SCID, "896928775") == (found.name, found.scid, found.title_id)
    assert {
        "system": {
            "version": 1,
            "maxMembersCount": 30,
            "visibility": "open",
            "inviteProtocol": "game",
            "readyRemovalTimeout": 240000,
            "reservedRemovalTimeout": 240000,
            "inactiveRemovalTimeout": 300000,
            "sessionEmptyTimeout": 0,
            "capabilities": {
                "connectivity": True,
                "connectionRequiredForActiveMembers": True,
                "gameplay": True,
                "crossPlay": True,
                "userAuthorizationStyle": True,
            },
            "memberInitialization": {"membersNeededToStart": 1},
        },
        "custom": {},
    } == found.constants


@pytest.mark.parametrize("name", READY)
def test_each_ready_template_makes_a_session(name: str) -> None:
    """A session can be arranged, and by its constants, with every template that is shipped."""
    with a_double() as mpsd:
        lobby = mpsd.session(template=name, members=[mpsd.user("host")])

    assert (name, ["9000000000000001"]) == (lobby.template_name, lobby.members)


def test_the_services_templates_are_those_of_the_page() -> None:
    """The two templates of the page about services have 50 and 5,000 members (contract 17)."""
    systems = [
        template.constants["system"] for template in map(ready, ("ReadyService", "ReadyServiceLarge")) if template
    ]

    assert [(50, {"gameplay": True}), (5000, {"large": True, "gameplay": True})] == [
        (system["maxMembersCount"], system["capabilities"]) for system in systems
    ]


def test_a_template_brings_scid_and_title() -> None:
    """A session of a template with scid and title is in that scid, and its members play that title."""
    with a_double() as mpsd:
        host, guest, far = map(mpsd.user, ["host", "guest", "far"])
        own = mpsd.user("own", title_id="42")
        lobby = mpsd.session(template="MinecraftLobby", members=[host, own])
        lobby.join(guest)

    assert MINECRAFT_SCID == lobby.scid
    assert ["896928775", "896928775", DEFAULT_TITLE_ID, "42"] == [user.title_id for user in (host, guest, far, own)]


def test_a_title_of_the_settings_wins_over_the_templates() -> None:
    """Who says a title for all users means it."""
    with a_double(title_id="42") as mpsd:
        host = mpsd.user("host")
        mpsd.session(template="MinecraftLobby", members=[host])

    assert "42" == host.title_id


def test_the_usual_template_decides_scid_and_title_of_all() -> None:
    """Where the settings name a template and neither scid nor title, both are the template's, for callers too."""
    with a_double(template_name="MinecraftLobby") as mpsd:
        host = mpsd.user("host")

        assert (MINECRAFT_SCID, "896928775") == (mpsd.session("lobby-1").scid, host.title_id)


def test_title_and_package_of_an_undescribed_caller_follow_the_template(tmp_path: Path) -> None:
    """A client that creates a session of it is of its title, with the package that the file says (contract 19.2)."""
    path = tmp_path / "templates.yaml"
    path.write_text(
        'titles: {"42": {pfn: Far.Away_1}}\n'
        'SmallShip: {title_id: "42", constants: {system: {inviteProtocol: game, inactiveRemovalTimeout: 5000}}}\n'
    )
    ref = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "SmallShip", "name": "one"}
    session = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessiontemplates/SmallShip/sessions/one"
    stranger = {"Authorization": "XBL3.0 x=1111111111111111111;token", "X-Xbl-Contract-Version": "107"}
    with a_double(templates=path) as mpsd:
        send(mpsd, "PUT", session, stranger, {"members": {"me": {"properties": {"system": {"active": True}}}}})
        outcome = send(mpsd, "POST", "/handles", stranger, {"type": "activity", "version": 1, "sessionRef": ref})
    shown = json.loads(answered(outcome).body)

    assert ("42", {"titleId": "42", "pfn": "Far.Away_1"}) == (shown["titleId"], shown["gameTypes"]["uwp-desktop"])
    assert ["caller"] == [assumption.question for assumption in mpsd.assumptions]


def test_a_ready_template_holds_for_what_clients_create() -> None:
    """A client that names a ready template gets its constants, and cannot change them."""
    path = f"/serviceconfigs/{MINECRAFT_SCID}/sessiontemplates/MinecraftLobby/sessions/one"
    wrong = {"constants": {"system": {"maxMembersCount": 8}}}
    with a_double() as mpsd:
        outcome = send(mpsd, "PUT", path, mpsd.user("host").headers, wrong)

    assert 409 == answered(outcome).status


def test_a_double_without_templates_reads_no_yaml() -> None:
    """Users, sessions, activities and an undescribed template cost no YAML parser."""
    code = """if True:
        import sys, handlesfake
        with handlesfake.fake() as mpsd:
            host = mpsd.user("host")
            mpsd.activity(host, mpsd.session("lobby-1", template="OwnLobby", members=[host]))
        raise SystemExit("yaml" in sys.modules)
    """

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def answered(outcome: Outcome) -> Response:
    """The response of an outcome that is one."""
    assert isinstance(outcome, Answer)
    return outcome.response


DESCRIBED = """
titles:
  "42": {name: Far Away, pfn: Far.Away_1}
SmallShip:
  evidence: CAP
  source: our own title
  scid: 7e570100-2222-4222-8333-444455556666
  title_id: "42"
  constants:
    system: {maxMembersCount: 4, visibility: private, timeouts: {reserved: 1000}}
"""


def test_a_file_describes_templates_and_titles(tmp_path: Path) -> None:
    """A file's templates and titles hold, 105 spelling included; what is not described is refused from then on."""
    path = tmp_path / "templates.yaml"
    path.write_text(DESCRIBED, encoding="utf-8")
    with handlesfake.fake(templates=path) as mpsd:
        ship = mpsd.session(template="smallship", members=[mpsd.user("host")])
        found = core_of(mpsd).fake.settings.template("SmallShip")
        headers, listing = mpsd.user("host").headers, f"/serviceconfigs/{ship.scid}/sessiontemplates"
        names = json.loads(answered(send(mpsd, "GET", listing, headers)).body)
        unknown = answered(send(mpsd, "GET", f"{listing}/Other", headers)).status

    assert ("7e570100-2222-4222-8333-444455556666", "42") == (ship.scid, mpsd.user("host").title_id)
    assert {
        "system": {
            "maxMembersCount": 4,
            "visibility": "private",
            "reservedRemovalTimeout": 1000,
            "inactiveRemovalTimeout": 7_200_000,
        },
        "custom": {},
    } == found
    assert ({"results": ["SmallShip"]}, 404) == (names, unknown)
    assert "Far.Away_1" == core_of(mpsd).fake.directory.title("42").pfn


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Ship:\n  constants: {system: {maxMemberCount: 4}}\n",
            "FILE, line 2, column 24: constants.system has no 'maxMemberCount'; did you mean 'maxMembersCount'?\n"
            "  known: version, maxMembersCount, visibility, inviteProtocol, initiators, reservedRemovalTimeout, "
            "inactiveRemovalTimeout, readyRemovalTimeout, sessionEmptyTimeout, capabilities, metrics, "
            "memberInitialization, peerToPeerRequirements, peerToHostRequirements, measurementServerAddresses, "
            "ownershipPolicies, broadcastViewerTitleIds, arbitration, cloudComputePackage, timeouts, "
            "managedInitialization",
        ),
        (
            "Ship:\n  constants:\n    system:\n      maxMembersCount: 500\n",
            "FILE, line 4, column 24: no session could be made of it: The field constants.system.maxMembersCount "
            "must be a number from 1 to 100.",
        ),
        (
            "Ship:\n  constants:\n    system:\n      capabilities: {arbitration: true}\n",
            "FILE, line 4, column 21: no session could be made of it: The field constants.system.capabilities "
            "cannot be: arbitration needs gameplay.",
        ),
        ("Ship: {}\n", "FILE, line 1, column 1: the template Ship needs constants: {system: {...}}"),
        (
            "Ship: {constants: {}, title_id: 42}\n",
            'FILE, line 1, column 33: title_id must be a text: write "42", in quotes',
        ),
        (
            "Ship: {constants: {}, title_id: x}\n",
            "FILE, line 1, column 33: title_id must be a decimal number from 1 to 4294967295, and is 'x'",
        ),
        (
            "Ship: {constants: {}, evidence: certain}\n",
            "FILE, line 1, column 33: evidence 'certain' is not known.\n  known: CAP, LOG, DOC, CLI, INF, UNK",
        ),
        ("titles: {x: {}}\n", "FILE, line 1, column 10: a title id is a decimal number, and this is 'x'"),
        (
            "{}\n",
            "FILE, line 1, column 1: a template file names at least one template: LobbyName: {constants: {...}}",
        ),
        ("[]\n", "FILE: a template file is a mapping, and this is not"),
    ],
)
def test_a_template_that_cannot_be_is_named_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    """A mistake in a template file stops the double before it starts."""
    path = tmp_path / "templates.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as raised:
        handlesfake.fake(templates=[path])

    assert message == str(raised.value).replace(str(path), "FILE")


def test_a_missing_file_names_those_that_are_there(tmp_path: Path) -> None:
    """The error for a missing template file names those beside it."""
    (tmp_path / "ships.yaml").write_text(DESCRIBED, encoding="utf-8")

    with pytest.raises(SettingsError) as raised:
        handlesfake.fake(templates=str(tmp_path / "ship.yaml"))

    assert (
        "the template file DIR/ship.yaml cannot be read: No such file or directory\n  there are: DIR/ships.yaml"
    ) == str(raised.value).replace(str(tmp_path), "DIR")
