"""The helpers for other languages: each has every call, and each suite runs against a server."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from docs.making.helpers import HELPERS, calls, methods_of, shape
from handlesfake.double.double import Double
from handlesfake.server.run.fixture import Server
from tests.server.programs import EXAMPLES, JUNIT, needs, needs_junit, run
from tests.server.servers import call, connected

SUITES = {
    "JavaScript, TypeScript": ("handlesfake.test.mjs", "lobby.test.mjs"),
    "Go": ("go/handlesfake_test.go", "go/lobby_test.go"),
    "Java": ("java/HandlesfakeTest.java", "java/LobbyTest.java", "java/HandlesfakeExtension.java"),
}
"""The suites of each helper."""


@pytest.mark.parametrize("helper", HELPERS)
def test_a_helper_has_every_call_and_no_other(helper: str) -> None:
    """Those that the server describes."""
    assert sorted({shape(call) for call in calls()}) == sorted(methods_of(helper))


@pytest.mark.parametrize("helper", HELPERS)
def test_a_helpers_suite_uses_each_of_its_methods(helper: str) -> None:
    """By name: whether they do what they should, the suites say."""
    text = "".join((EXAMPLES / name).read_text(encoding="utf-8") for name in SUITES[helper])
    methods = {method for found in methods_of(helper).values() for method in found}

    assert set() == {method for method in methods if not re.search(rf"\b{method}\b", text)}


def test_the_types_have_each_method() -> None:
    """What TypeScript sees of the helper is all of it."""
    types = (EXAMPLES / "handlesfake.d.mts").read_text(encoding="utf-8")
    methods = {method for found in methods_of("JavaScript, TypeScript").values() for method in found}

    assert methods <= set(re.findall(r"^  (\w+)\(", types, re.M))


def left(server: Server) -> list[str]:
    """The worlds that are still there."""
    with connected(server.control_url) as connection:
        return [world["name"] for world in call(connection, "GET", "/_handlesfake/worlds").json]


# ---- JavaScript and TypeScript


@needs("node")
@pytest.mark.parametrize("suite", ["lobby.test.mjs", "handlesfake.test.mjs"])
def test_a_suite_in_javascript_passes(mpsd_server: Server, suite: str) -> None:
    """A suite of Node's own runner passes against the server of this test, each of its tests in its own world."""
    done = run(mpsd_server, "node", "--test", str(EXAMPLES / suite))
    tests = re.findall(r"^test\(", (EXAMPLES / suite).read_text(encoding="utf-8"), re.M)

    assert 0 == done.returncode, done.stdout
    assert f"# pass {len(tests)}\n# fail 0" in done.stdout
    assert [] == left(mpsd_server)


@needs("node", "tsc")
def test_the_example_in_typescript_is_typed_and_runs(mpsd_server: Server, tmp_path: Path) -> None:
    """The compiler, at its strictest, takes it by the types beside the helper; what it makes of it runs."""
    for name in ("lobby.mts", "handlesfake.mjs", "handlesfake.d.mts"):
        shutil.copy(EXAMPLES / name, tmp_path)
    options = ("--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "node16")
    typed = run(mpsd_server, "tsc", *options, "--lib", "es2022,dom", "lobby.mts", cwd=tmp_path)
    done = run(mpsd_server, "node", "lobby.mjs", cwd=tmp_path)

    assert (0, "") == (typed.returncode, typed.stdout)
    assert "create_handle activity: 201, true\ntrue: 0 requests, 0 taps\n" == done.stdout, done.stderr


NODE = """\
declare module "node:test" {
  interface Test { name: string; after(done: () => Promise<void>): void }
  export function test(name: string, body: (t: Test) => void | Promise<void>): void;
  export function beforeEach(body: (t: Test) => void | Promise<void>): void;
}
declare module "node:assert/strict" {
  const assert: any;
  export default assert;
}
declare const process: { env: Record<string, string | undefined> };
"""
"""As much of the types of Node as the suites use."""


@needs("tsc")
def test_the_suites_in_javascript_are_typed(mpsd_server: Server, tmp_path: Path) -> None:
    """Each call of a suite is one that the types know, with words and answers that they know."""
    suites = SUITES["JavaScript, TypeScript"]
    for name in (*suites, "handlesfake.mjs", "handlesfake.d.mts"):
        shutil.copy(EXAMPLES / name, tmp_path)
    (tmp_path / "node.d.ts").write_text(NODE)
    checked = ("--allowJs", "--checkJs", "--noEmit", "--strict", "--noImplicitAny", "false")
    options = ("--target", "esnext", "--module", "esnext", "--moduleResolution", "node16", "--lib", "esnext,dom")
    typed = run(mpsd_server, "tsc", *checked, *options, "node.d.ts", *suites, cwd=tmp_path)

    assert (0, "") == (typed.returncode, typed.stdout)


# ---- Go

OFFLINE = {"GOPROXY": "off", "GOFLAGS": "-mod=mod"}


@needs("go")
def test_the_suites_in_go_pass(mpsd_server: Server, tmp_path: Path) -> None:
    """The helper and suites that use it, of the standard library alone; their tests run at the same time."""
    sources = list((EXAMPLES / "go").glob("*.go"))
    for path in sources:
        shutil.copy(path, tmp_path)
    (tmp_path / "go.mod").write_text("module handlesfake\n\ngo 1.18\n")
    done = run(mpsd_server, "go", "test", "-count=1", "-v", "./...", cwd=tmp_path, **OFFLINE)
    ugly = run(mpsd_server, "gofmt", "-l", ".", cwd=tmp_path)
    tests = {name for path in sources for name in re.findall(r"^func (Test\w+)", path.read_text(), re.M)}

    assert 0 == done.returncode, done.stdout + done.stderr
    assert tests == set(re.findall(r"^--- PASS: (\w+)", done.stdout, re.M))
    assert "" == ugly.stdout
    assert [] == left(mpsd_server)


@needs("go")
def test_a_failure_in_go_reads_as_in_python(mpsd: Double, mpsd_server: Server, tmp_path: Path) -> None:
    """The text of the claim is in the test's own output."""
    shutil.copy(EXAMPLES / "go" / "handlesfake.go", tmp_path)
    (tmp_path / "go.mod").write_text("module handlesfake\n\ngo 1.18\n")
    (tmp_path / "it_test.go").write_text(
        'package handlesfake\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {\n'
        '\tNew(t).Assert("invited", map[string]any{"xuids": []string{"3210"}})\n}\n'
    )
    done = run(mpsd_server, "go", "test", "-count=1", "./...", cwd=tmp_path, **OFFLINE)
    with pytest.raises(AssertionError) as python:
        mpsd.assert_invited("3210")

    assert 1 == done.returncode
    assert f"it_test.go:6: {str(python.value).splitlines()[0]}" in done.stdout


# ---- Java


def java(server: Server, folder: Path, *sources: Path) -> tuple[int, str]:
    """Compile ``sources``, with every warning, and run the tests among them; the status, and what was said."""
    jars = os.pathsep.join(str(path) for path in sorted(JUNIT.glob("*.jar")) if path.name.startswith(_OF_JUNIT))
    compiled = run(server, "javac", "-Xlint:all,-path", "-d", str(folder), "-cp", jars, *map(str, sources))
    assert (0, "") == (compiled.returncode, compiled.stderr)

    path = os.pathsep.join((jars, str(folder)))
    launcher = (
        "org.junit.platform.console.ConsoleLauncher",
        "--scan-classpath",
        str(folder),
        "--disable-ansi-colors",
    )
    store = server.env["MPSD_TRUST_STORE"]
    trusting = (f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit")
    done = run(server, "java", *trusting, "-cp", path, *launcher, "--details", "tree")
    return done.returncode, done.stdout


_OF_JUNIT = ("junit-jupiter", "junit-platform", "opentest4j", "apiguardian", "picocli")


@needs("javac", "java")
@needs_junit()
def test_the_suites_in_java_pass(mpsd_server: Server, tmp_path: Path) -> None:
    """The helper, its extension for JUnit 5 and suites that use them, of the JDK alone."""
    sources = list((EXAMPLES / "java").glob("*.java"))
    status, said = java(mpsd_server, tmp_path, *sources)
    tests = [name for path in sources for name in re.findall(r"^ +@Test\n +void (\w+)", path.read_text(), re.M)]

    assert 0 == status, said
    assert re.search(rf"\[ +{len(tests)} tests successful", said), said
    assert re.search(r"\[ +0 tests failed", said), said
    assert [] == left(mpsd_server)


FAILING = """\
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HandlesfakeExtension.class)
class FailingTest {
    @Test
    void fails(Handlesfake.World mpsd) {
        mpsd.claim("invited", "xuids", List.of("3210"));
    }
}
"""


@needs("javac", "java")
@needs_junit()
def test_a_failure_in_java_reads_as_in_python(mpsd: Double, mpsd_server: Server, tmp_path: Path) -> None:
    """The text of the claim, and what MPSD was sent; the world has still ended."""
    (tmp_path / "FailingTest.java").write_text(FAILING)
    helper = [EXAMPLES / "java" / f"{name}.java" for name in ("Handlesfake", "HandlesfakeExtension", "Json")]
    status, said = java(mpsd_server, tmp_path, tmp_path / "FailingTest.java", *helper)
    with pytest.raises(AssertionError) as python:
        mpsd.assert_invited("3210")

    assert 1 == status
    assert str(python.value).splitlines()[0] in said
    assert "mpsd = `nothing was sent" in said
    assert [] == left(mpsd_server)
