"""What brings the jars of the servers that other tests ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: A stand-in for Maven: it notes that it began, takes its time and leaves two files, or half of them and a failure.
MAVEN = """#!/bin/sh
for word; do case $word in -DoutputDirectory=*) out=${word#*=} ;; esac; done
echo begun >> "$BEGUN"
touch "$out/one.jar"
sleep 0.5
[ ! -e "$BROKEN" ] || { echo "no route"; exit 1; }
touch "$out/two.jar"
"""
CODE = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
import tests.server as server
server.JARS = Path({jars!r})
print(*sorted(path.name for path in server.jars("1.0").iterdir()))
"""


@pytest.fixture
def bring(tmp_path, monkeypatch):
    """Start a process that wants the jars."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mvn").write_text(MAVEN)
    (tmp_path / "bin" / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BEGUN", str(tmp_path / "begun"))
    monkeypatch.setenv("BROKEN", str(tmp_path / "broken"))
    code = CODE.format(root=str(ROOT), jars=str(tmp_path / "jars"))
    pipe = subprocess.PIPE
    return lambda: subprocess.Popen([sys.executable, "-c", code], stdout=pipe, stderr=pipe, text=True)


def test_two_processes_bring_the_jars_once(bring, tmp_path):
    outs = [process.communicate()[0] for process in [bring(), bring()]]
    assert outs == ["complete one.jar pom.xml two.jar\n"] * 2
    assert (tmp_path / "begun").read_text() == "begun\n"


def test_what_came_in_part_is_not_taken_for_whole(bring, tmp_path):
    (tmp_path / "broken").touch()
    process = bring()
    assert "no route" in process.communicate()[1]
    assert process.returncode != 0
    assert not (tmp_path / "jars" / "1.0").exists()
    (tmp_path / "broken").unlink()
    assert bring().communicate()[0] == "complete one.jar pom.xml two.jar\n"
