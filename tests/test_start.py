"""What a start brings in: no more than the command needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: What takes long to import, and what is for other commands.
HEAVY = {"spacy", "numpy", "pandas", "pyarrow", "ladybug", "rdflib", "pyoxigraph", "neo4j", "asyncio", "rich"}
SHOW = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"


def modules(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"{code}\n{SHOW}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["build", "--help"]])
def test_help_and_version_import_nothing_heavy(words):
    found = modules(f"import sys\nfrom zhengling.app.cli import main\nmain({words})")
    assert HEAVY & found == set()
    assert not {name for name in found if name.startswith("zhengling.extractors.steps")}
    assert {"webbrowser", "zhengling.app.web.access", "zhengling.extractors.words.lexicon"} & found == set()


def test_a_build_reads_in_another_process_alone(tmp_path, samples):
    words = ["build", str(samples / "linxi-2023.txt"), "--workspace", str(tmp_path / "w")]
    found = modules(f"import sys\nfrom zhengling.app.cli import main\nsys.argv = {['', *words]}\nassert main() == 0")
    assert {"spacy", "pandas", "zhengling.extractors.layout.paper", "zhengling.extractors.components"} & found == set()


def test_the_process_that_reads_loads_what_it_reads_by():
    found = modules("from zhengling.extractors.jobs import prepare\nprepare()")
    assert "zhengling.extractors.record.making" in found
    assert {"spacy", "numpy", "typer", "httpx", "asyncio", "rich"} & found == set()
