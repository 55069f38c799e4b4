"""The package as it is installed: what it imports, what its wheel holds, and that it works in an empty environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import zhengling

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HEAVY = ["spacy", "pyvis", "rdflib", "neo4j", "networkx", "pandas", "ladybug", "pyarrow", "rich", "openpyxl", "numpy"]
HEAVY += ["pyoxigraph", "oxrdflib", "pyshacl"]


def python(code: str, *, executable: str | Path = sys.executable, **environ: str) -> str:
    done = subprocess.run(
        [executable, "-c", code], capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "use",
    [
        "import zhengling",
        "import zhengling; zhengling.__version__; zhengling.open('nowhere')",
        "from zhengling.app.cli import main; main(['--help'])",
        "from zhengling.app.cli import main; main(['query', '--lang', 'zh', '--help'])",
        "from zhengling.app.cli import main; main(['--version'])",
    ],
)
def test_no_heavy_package_is_imported_before_it_is_used(use):
    out = python(
        f"{use}\nimport sys; print('heavy:', *sorted({{m.partition('.')[0] for m in sys.modules}} & set({HEAVY})))"
    )
    assert out.splitlines()[-1].strip() == "heavy:"


def test_the_version_is_the_one_of_the_project():
    assert zhengling.__version__ == PROJECT["project"]["version"]
    assert f"## {zhengling.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_all_brings_every_extra():
    extras = PROJECT["project"]["optional-dependencies"]
    # But for the cluster: who has one machine needs none of it.
    assert set(re.findall(r"[\w-]+", extras["all"][0].partition("[")[2])) == set(extras) - {"all", "cluster"}


def test_constraints_name_every_dependency_with_hashes_and_without_addresses():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pins = {m[1]: m[2] for m in re.finditer(r"^([\w.-]+)==(\S+)((?:.*\\\n.*)+)", text, re.M)}
    groups = [*PROJECT["project"]["optional-dependencies"].values(), *PROJECT["dependency-groups"].values()]
    wanted = {re.match(r"[\w-]+", d)[0].lower() for d in sum(groups, PROJECT["project"]["dependencies"])}
    assert wanted - {"zhengling"} <= pins.keys()
    assert re.findall(r"^# (\w+):", text, re.MULTILINE) == ["demo", "all", "work"]  # as the Makefile parts them
    for entry in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip()):
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry), entry
    assert "://" not in text


def data_files() -> set[str]:
    """What the wheel must hold beside the modules."""
    kinds = {
        "extractors/rules": (".csv", ".toml"),
        "queries": (".cypher", ".rq"),
        "app": (".mo", ".css", ".js", ".html"),
    }
    return {"zhengling/py.typed"} | {
        f"zhengling/{p.relative_to(ROOT).as_posix()}"
        for folder, ends in kinds.items()
        for p in (ROOT / folder).rglob("*")
        if p.suffix in ends
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from a copy of the tree that has no `.git`."""
    folder = tmp_path_factory.mktemp("tree")
    skip = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", "build", "dist", "*.egg-info", ".*_cache", "demo", "tests"
    )
    shutil.copytree(ROOT, folder / "tree", ignore=skip)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", folder / "tree"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.mark.xdist_group("package")
def test_the_wheel_holds_the_data_files_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert data_files() - names == set()
    modules = {
        f"zhengling/{p.relative_to(ROOT).as_posix()}"
        for f in ("app", "extractors", "graph", "queries")
        for p in (ROOT / f).rglob("*.py")
    }
    assert modules - names == set()
    folders = {n.split("/")[1] for n in names if n.startswith("zhengling/") and n.count("/") > 1}
    assert folders == {"app", "extractors", "graph", "queries"}
    assert {n.split("/")[0] for n in names} == {"zhengling", f"zhengling-{zhengling.__version__}.dist-info"}


@pytest.fixture(scope="module")
def empty(wheel, tmp_path_factory) -> Path:
    """The programs of a fresh environment with the core in it, by the package's own client from wheels alone."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    pins = re.sub(r" \\\n    --hash=\S+", "", (ROOT / "constraints.txt").read_text("utf-8"))
    (folder / "pins.txt").write_text(pins, "utf-8")
    install(folder / "bin", str(wheel))
    return folder / "bin"


def install(bin_: Path, what: str) -> None:
    """Put a requirement into an environment, in the versions of constraints.txt."""
    words = [bin_ / "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"]
    done = subprocess.run([*words, "-c", bin_.parent / "pins.txt", what], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def plain_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_"))} | {"LANG": "C.UTF-8"}


@pytest.mark.xdist_group("package")
def test_the_wheel_works_in_an_empty_environment(empty, tmp_path):
    """Only the core; the optional parts say how to get them."""
    bin_ = empty
    environ = plain_environment()

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [bin_ / "zhengling", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, env=environ)

    where = python("import zhengling; print(zhengling.__file__)", executable=bin_ / "python", PYTHONPATH="")
    assert where.startswith(str(empty.parent))
    assert run("--version").stdout == f"zhengling {zhengling.__version__}\n"
    shutil.copytree(ROOT / "samples", tmp_path / "papers", ignore=shutil.ignore_patterns("gold"))
    done = run("build", "papers")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    done = run("query", "document-summary", "--format", "csv")
    assert len(done.stdout.splitlines()) == 1 + len(list((tmp_path / "papers").glob("*.txt")))
    assert run("--lang", "zh", "queries").stdout.count("\n") > 16
    for words, extra in (
        (("query", "due", "--format", "xlsx", "--out", "due.xlsx"), "xlsx"),
        (("view", "--out", "view.html"), "view"),
        (("export", "--format", "turtle", "--out", "x.ttl"), "rdf"),
        (("sparql", "workload"), "rdf"),
        (("check", "--shacl"), "rdf"),
    ):
        done = run(*words)
        assert done.returncode == 1
        packages = {re.findall(r"[\w-]+", p)[0] for p in PROJECT["project"]["optional-dependencies"][extra]}
        hint = done.stderr.partition("pip install ")[2].split()
        assert {re.findall(r"[\w-]+", p)[0] for p in hint} == packages
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.xdist_group("package")
def test_the_notebook_runs_after_the_installation_of_the_readme(empty, wheel, tmp_path):
    """Both as they are written, in a folder that holds the samples alone; after the core is tried, as it adds to it."""
    text = (ROOT / "README.md").read_text("utf-8")
    (extras,) = re.findall(r"^    pip install '\.(\[.*?\])'", text, re.MULTILINE)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    install(empty, f"zhengling{extras} @ {wheel.as_uri()}")
    (tmp_path / "here").mkdir()
    shutil.copytree(ROOT / "samples", tmp_path / "here" / "samples")
    command = [empty / "python", "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path / "here", env=plain_environment(), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert {"demo", "graph.html", "ledger.xlsx"} <= {p.name for p in (tmp_path / "here").iterdir()}
