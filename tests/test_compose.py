"""docker-compose.yml and Dockerfile: valid, safe by default, and every command that they run does what it should.

There may be no Docker engine where the tests run: what it would run inside a container runs here beside one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import zhengling
from ruamel.yaml import YAML

from .conftest import ROOT
from .server import LTS, free_port, local, missing
from .test_load import mirrors
from .test_web_access import enter
from .workbench import Workbench

COMPOSE = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
BIN = Path(sys.executable).parent


def steps(instruction: str) -> list[str]:
    """What stands after an instruction of the Dockerfile, its lines joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", "")
    return re.findall(rf"^{instruction} (.*)$", text, re.MULTILINE)


def test_the_file_is_what_compose_takes():
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_neo4j_is_pinned_kept_limited_and_for_this_machine_alone():
    service = COMPOSE["services"]["neo4j"]
    assert service["image"] == f"neo4j:{LTS}-community"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    (volume,) = service["volumes"]
    assert volume.split(":") == ["neo4j", "/data"]
    assert "neo4j" in COMPOSE["volumes"]
    assert {name for name in service["environment"] if "memory" in name} == {
        "NEO4J_server_memory_heap_initial__size",
        "NEO4J_server_memory_heap_max__size",
        "NEO4J_server_memory_pagecache_size",
    }
    # The program's own password and the server's are one; compose refuses to start without it.
    for text in (
        service["environment"]["NEO4J_AUTH"],
        COMPOSE["services"]["zhengling"]["environment"]["NEO4J_PASSWORD"],
    ):
        assert re.fullmatch(r"(neo4j/)?\$\{NEO4J_PASSWORD:\?[^}]+\}", text)


def test_the_image_is_built_from_the_folder_for_a_user_without_rights():
    assert COMPOSE["services"]["zhengling"]["build"] == "."
    assert [words.split()[0] for words in steps("USER")] == ["10001"]
    assert set(steps("VOLUME")) == {"/workspace"}
    assert all("slim" in words for words in steps("FROM"))


def test_the_linter_finds_nothing():
    program = shutil.which("hadolint", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        missing("hadolint comes with the tests on Linux on x86_64; elsewhere put it on the PATH")
        return
    done = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_commands_that_build_the_image(tmp_path):
    """The first stage, on the files that reach it, with its folders below this one; then the program that came out."""
    folder = tmp_path / "source"
    wanted = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    for name in wanted:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    (build, _) = steps("RUN")
    command = build.replace("/opt", f"{tmp_path}/opt").replace("/wheels", f"{tmp_path}/wheels")
    environment = os.environ | {"PATH": f"{tmp_path}/python/bin{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    program = tmp_path / "opt" / "zhengling" / "bin" / json.loads(steps("ENTRYPOINT")[0])[0]
    done = subprocess.run([program, *json.loads(steps("CMD")[0])], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, "zhengling" in done.stdout) == (0, True)
    shutil.copytree(ROOT / "samples", tmp_path / "papers", ignore=shutil.ignore_patterns("gold"))
    done = subprocess.run([program, "build", "papers"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("bad", [False, True])
def test_the_command_that_builds_and_loads(server, samples, tmp_path, bad):
    """Also a folder with a paper that can not be read is loaded, and the status tells of it."""
    papers, workspace = tmp_path / "papers", tmp_path / "workspace"
    shutil.copytree(samples, papers, ignore=shutil.ignore_patterns("gold"))
    if bad:
        (papers / "bad.txt").write_bytes(b"")
    service = COMPOSE["services"]["zhengling"]
    mounts = dict(reversed(volume.removesuffix(":ro").rsplit(":", 1)) for volume in service["volumes"])
    assert mounts == {"/papers": "${PAPERS:-./samples}", "/workspace": "workspace"}
    assert service["environment"]["NEO4J_URI"].endswith("://neo4j:7687")
    (text,) = service["command"]
    text = text.replace("$$", "$").replace("/papers", str(papers)).replace("/workspace", str(workspace))
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([*service["entrypoint"], text], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == int(bad), done.stderr
    mirrors(server, str(workspace))
    assert zhengling.open(workspace).query("document-summary")


def test_the_commands_that_serve_the_workbench(built, tmp_path):
    """Without users it refuses to start; with the one whom the first command of the head adds everybody logs in."""
    service = COMPOSE["services"]["web"]
    assert service["profiles"] == ["web"] and service["volumes"] == ["workspace:/workspace"]
    (published,) = service["ports"]
    assert published.startswith("127.0.0.1:") and published.endswith(":8421")
    workspace = tmp_path / "workspace"
    shutil.copytree(built, workspace)
    program = [BIN / json.loads(steps("ENTRYPOINT")[0])[0], "--lang", "en"]
    port = free_port()
    command = [word.replace("/workspace", str(workspace)) for word in service["command"]] + ["--port", str(port)]
    refused = subprocess.run([*program, *command], capture_output=True, text=True, cwd=tmp_path)
    assert refused.returncode == 2 and "users" in refused.stderr
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    words = re.search(r"entrypoint zhengling web (users add .*) <password.txt", text)[1]
    words = words.replace("/workspace", str(workspace)).split()
    added = subprocess.run(
        [*program, *words], input="a rather long password\n", capture_output=True, text=True, cwd=tmp_path
    )
    assert added.returncode == 0, added.stderr
    server = subprocess.Popen([*program, *command], stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert "http://" in server.stderr.readline()
        bench = Workbench(f"http://localhost:{port}")
        assert bench.get("/tasks").headers["location"].startswith("/login")
        assert bench.get("/tasks.json").status == 401
        assert bench.get("/tasks.json", Host=f"elsewhere:{port}").status == 403
        assert enter(bench, "anna", "a rather long password").status == 303
        assert bench.get("/tasks.json").data["total"] > 50
    finally:
        server.terminate()
        server.wait()


def test_the_command_that_tells_whether_the_server_is_well():
    test = COMPOSE["services"]["neo4j"]["healthcheck"]["test"]
    assert test[0] == "CMD"
    if not shutil.which(test[1]):
        missing(f"the healthcheck of the image runs {test[1]}, and there is none here")
    port = free_port()
    well = [word.replace("7474", str(port)) for word in test[1:]]
    with local(LTS, **{"server.http.enabled": "true", "server.http.listen_address": f"127.0.0.1:{port}"}):
        assert subprocess.run(well, capture_output=True).returncode == 0
    assert subprocess.run(well, capture_output=True).returncode != 0
