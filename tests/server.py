"""A real Neo4j for the tests: the one that is named, else a container, else one started on this machine's Java."""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import neo4j
import pytest

from . import maven
from .maven import dependency, is_brought

JARS = Path(__file__).parent.parent / "build" / "neo4j"
LTS = "5.26.16"
CURRENT = "2026.05.0"
IMAGE = "neo4j:5.26-community"
_LEAST = {"5": 17, "2026": 21}  # Java that a release needs
_MOST = {"5": 21, "2026": 1000}
_OPEN = "--add-opens=java.base/java.nio=ALL-UNNAMED"
# Short runs on few cores: what the better compiler and collector would save comes too late.
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
_START = 180  # seconds until a server that does not answer counts as failed


@dataclass
class Server:
    """A server that answers; `start` and `stop` only where the tests started it here."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"
    local: Local | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "NEO4J_URI": self.uri,
            "NEO4J_USERNAME": self.user,
            "NEO4J_DATABASE": self.database,
            "NEO4J_PASSWORD": self.password,
        }

    def run(self, cypher: str, **parameters) -> list[dict]:
        """The rows of a statement that may do anything."""
        with neo4j.GraphDatabase.driver(
            self.uri, auth=(self.user, self.password), notifications_min_severity="OFF"
        ) as driver:
            return [r.data() for r in driver.execute_query(cypher, parameters, database_=self.database).records]

    def clear(self) -> None:
        self.run("MATCH (n) DETACH DELETE n")


class Local:
    """Neo4j Community out of Maven's jars, in a fresh folder, on a free port."""

    def __init__(self, version: str, java: str, jars: Path, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="neo4j-"))
        self.java, self.jars, self.password = java, jars, secrets.token_hex(12)
        self.main = "org.neo4j.server." + ("CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity")
        self.port = free_port()
        self.uri = f"neo4j://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        for name in ("conf", "data", "logs", "import", "plugins", "run", "licenses"):
            (self.home / name).mkdir()
        self.settings = {
            "server.bolt.enabled": "true",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": "256m",
            "dbms.usage_report.enabled": "false",
            # The tests fill the same database with one small graph after another: no reason to plan anew.
            "dbms.cypher.min_replan_interval": "1h",
            **settings,
        }
        self.configure()
        self.admin("dbms", "set-initial-password", self.password)

    def configure(self, **settings: str) -> None:
        self.settings |= settings
        text = "".join(f"{name}={value}\n" for name, value in self.settings.items())
        (self.home / "conf" / "neo4j.conf").write_text(text, "utf-8")

    def admin(self, *words: str, cwd: Path | None = None) -> str:
        """Run `neo4j-admin` and give what it printed."""
        command = [self.java, "-Xmx1g", *_QUICK, _OPEN, "-cp", f"{self.jars}/*", "org.neo4j.cli.AdminTool", *words]
        environment = os.environ | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)
        assert done.returncode == 0, f"neo4j-admin {words[0]} {words[1]}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, limit: int | None = None) -> Server:
        """Start and wait until it answers; `limit` is the largest file, in bytes, that it can write."""

        def prepare() -> None:
            if sys.platform == "linux":  # no server outlives the tests, whatever ends them
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            if limit:
                import resource

                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        command = [self.java, "-Xmx512m", *_QUICK, _OPEN, "-cp", f"{self.jars}/*", self.main]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home}/conf"]
        out = (self.home / "logs" / "output").open("wb")
        self.process = subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=prepare)
        server = Server(self.uri, "neo4j", self.password, local=self)
        end = time.monotonic() + _START
        while self.process.poll() is None and time.monotonic() < end:
            if _answers(self.port):
                try:
                    server.run("RETURN 1")
                    return server
                except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
                    pass  # the port opens before the database does
            time.sleep(0.2)
        logs = "".join((self.home / "logs" / n).read_text("utf-8", "replace")[-3000:] for n in ("output", "debug.log"))
        raise AssertionError(f"Neo4j did not start:\n{logs}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


@contextmanager
def any_server() -> Iterator[Server]:
    """A server with an empty database; where none is to be had, the test is skipped, and fails where it is required."""
    if os.environ.get("NEO4J_URI"):
        yield _named()
    elif _docker():
        from testcontainers.neo4j import Neo4jContainer

        password = secrets.token_hex(12)
        with Neo4jContainer(IMAGE, password=password) as container:
            yield Server(container.get_connection_url(), "neo4j", password)
    else:
        with local(LTS) as server:
            yield server


@contextmanager
def current() -> Iterator[Server]:
    """The current release; the test is left out as `newer_java` says."""
    newer_java()
    with local(CURRENT) as server:
        yield server


def newer_java() -> None:
    """Leaves the test out where this machine has no Java that is new enough for the current release."""
    if not any(major >= _LEAST["2026"] for major in javas().values()):
        pytest.skip(f"Neo4j {CURRENT} needs Java {_LEAST['2026']} or later, and none is here")


@contextmanager
def local(version: str, limit: int | None = None, **settings: str) -> Iterator[Server]:
    """A server of our own, for tests that stop, damage or set it up; skipped or failed as `any_server`."""
    made = prepared(version, **settings)
    try:
        yield made.start(limit)
    finally:
        made.close()


def prepared(version: str, **settings: str) -> Local:
    """The folder of a server that was never started."""
    return Local(version, _java(version), jars(version), **settings)


def missing(why: str) -> None:
    if os.environ.get("ZHENGLING_REQUIRE_NEO4J"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def _named() -> Server:
    names = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")
    uri, user, password, database = (os.environ.get(name, "") for name in names)
    server = Server(uri, user or "neo4j", password, database or "neo4j")
    (found,) = server.run("MATCH (n) RETURN count(n) AS nodes")
    if found["nodes"]:
        pytest.fail(f"The tests empty the database, and {uri} holds {found['nodes']} nodes: name one that is empty.")
    return server


def _docker() -> bool:
    if not shutil.which("docker"):
        return False
    asked = subprocess.run(["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, timeout=30)
    return asked.returncode == 0


def javas() -> dict[str, int]:
    """The programs `java` of this machine and their major versions."""
    home = os.environ.get("JAVA_HOME")
    found = [Path(home, "bin", "java")] if home else []
    found += [Path(path)] if (path := shutil.which("java")) else []
    found += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    versions: dict[str, int] = {}
    for path in dict.fromkeys(p.resolve() for p in found if p.is_file()):
        said = subprocess.run([path, "-version"], capture_output=True, text=True).stderr
        if number := re.search(r'version "(\d+)', said):
            versions[str(path)] = int(number[1])
    return versions


def _java(version: str) -> str:
    release = version.split(".")[0]
    found = javas()
    fit = [path for path, major in found.items() if _LEAST[release] <= major <= _MOST[release]]
    if not fit:
        why = f"Neo4j {version} needs Java {_LEAST[release]} or later (found: {sorted(found.values()) or 'none'})"
        missing(f"{why}; or name a server in NEO4J_URI, or start a Docker engine.")
    return fit[0]


def jars(version: str) -> Path:
    """The folder of a release's jars, brought by Maven the first time."""
    parts = dependency("org.neo4j", "neo4j", version), dependency("org.neo4j.app", "neo4j-server", version)
    other = "or name a server in NEO4J_URI, or start Docker"
    return maven.jars(version, *parts, where=JARS, absent=lambda why: missing(f"Neo4j: {why}; {other}."))


def plan() -> str:
    """What the tests on Neo4j will run on, and what they bring for it; said before the tests."""
    if uri := os.environ.get("NEO4J_URI"):
        return f"Neo4j: the server at {uri}"
    if _docker():
        return f"Neo4j: a container of {IMAGE}"
    wanted = [version for version in (LTS, CURRENT) if not is_brought(JARS / version)]
    if wanted and shutil.which("mvn"):
        return f"Neo4j: Maven brings {', '.join(wanted)} (some 150 MB each) into {JARS}"
    return "Neo4j: no server, no Docker engine and no Maven: its tests are left out" if wanted else f"Neo4j: in {JARS}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
