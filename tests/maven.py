"""Programs of others from Maven Central: their jars are brought once, into `build/`, whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from .programs import missing

BUILD = Path(__file__).parent.parent / "build"
JARS = BUILD / "jars"
_POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>zhengling.tests</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies>{}</dependencies>
</project>
"""
_COPY = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime"]


def dependency(group: str, name: str, version: str, *without: tuple[str, str]) -> str:
    """An entry of a POM; `without` are (group, name) of what it asks for and nobody serves."""
    left_out = "".join(f"<exclusion><groupId>{g}</groupId><artifactId>{n}</artifactId></exclusion>" for g, n in without)
    return (
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>"
        f"<exclusions>{left_out}</exclusions></dependency>"
    )


def jars(name: str, *dependencies: str, where: Path = JARS, absent: Callable[[str], None] = missing) -> Path:
    """The folder of some packages' jars in `where`, brought by Maven the first time; `absent` ends the test where they
    can not be had."""
    folder = where / name
    if not is_brought(folder):
        where.mkdir(parents=True, exist_ok=True)
        # One process brings them, whatever they are: Maven's own store is not made for two at once either.
        with FileLock(BUILD / "maven.lock"):
            if not is_brought(folder):
                _bring(folder, "".join(dependencies), absent)
    return folder


def is_brought(folder: Path) -> bool:
    """Whether all jars of a folder are here."""
    return (folder / "complete").exists()


def _bring(folder: Path, dependencies: str, absent: Callable[[str], None]) -> None:
    """Maven fills a folder beside it, which becomes `folder` when it is whole."""
    if not shutil.which("mvn"):
        absent(f"{folder.name} comes from Maven Central, and there is no mvn")
    part = folder.with_name(f"{folder.name}.part")
    for rest in (part, folder):  # of a run that was cut short
        shutil.rmtree(rest, ignore_errors=True)
    part.mkdir()
    (part / "pom.xml").write_text(_POM.format(dependencies), "utf-8")
    done = subprocess.run(
        [*_COPY, f"-DoutputDirectory={part}"], cwd=part, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        absent(f"Maven could not bring {folder.name}: {(done.stdout + done.stderr)[-1500:]}")
    (part / "complete").touch()
    part.rename(folder)


def java(jar_folder: Path, source: Path, *words: str | Path) -> str:
    """What a program of one source file prints."""
    if not shutil.which("java"):
        missing("No Java found.")
    command = ["java", "-Xmx1g", "-Djava.awt.headless=true", "-cp", f"{jar_folder}/*", str(source), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
