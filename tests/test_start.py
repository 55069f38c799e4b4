"""What a start brings in: no more than the command needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import zhengling as zl

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
    assert {"zhengling.extractors.words.times", "zhengling.graph.lineage.changes"} & found == set()


def test_a_build_reads_in_another_process_alone(tmp_path, samples):
    words = ["build", str(samples / "linxi-2023.txt"), "--workspace", str(tmp_path / "w")]
    found = modules(f"import sys\nfrom zhengling.app.cli import main\nsys.argv = {['', *words]}\nassert main() == 0")
    assert {"spacy", "pandas", "zhengling.extractors.layout.paper", "zhengling.extractors.components"} & found == set()


def test_the_process_that_reads_loads_what_it_reads_by():
    found = modules("from zhengling.extractors.jobs import prepare\nprepare()")
    assert "zhengling.extractors.record.making" in found
    assert {"spacy", "numpy", "typer", "httpx", "asyncio", "rich"} & found == set()


READ = """
import json, sys
from zhengling.extractors.papers import Reader
with Reader() as reader:
    print(json.dumps([reader.record(path).to_json() for path in sys.argv[1:]]))
"""


def test_what_a_start_works_out_is_kept_and_changes_no_record(tmp_path, samples):
    papers = sorted(samples.glob("*.txt"))
    folder = tmp_path / "zhengling"

    def records() -> list[dict]:
        around = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
        call = [sys.executable, "-c", READ, *map(str, papers)]
        return json.loads(subprocess.run(call, capture_output=True, text=True, check=True, env=around).stdout)

    plain = [zl.extract(path).to_json() for path in papers]
    assert records() == plain
    (kept,) = folder.glob("start-*")
    data = kept.read_bytes()
    assert records() == plain
    assert kept.read_bytes() == data
    kept.write_bytes(data[:-1000])  # damaged: as if it were not there, and made anew
    assert records() == plain
    assert kept.read_bytes() == data
    kept.chmod(0o666)  # others could have written it
    kept.write_bytes(data.replace("责任单位".encode(), "责任单伪".encode()))
    assert records() == plain


def test_patterns_that_are_kept_are_those_of_the_library(tmp_path):
    code = (
        "from zhengling.extractors import start\nstart.begin()\nfrom zhengling.extractors import jobs\njobs.prepare()\n"
    )
    look = (
        "import sys\none, = start._started\nplain, pairs = one.plain, 0\n"
        "for key in list(one.kept.patterns):\n"
        "    flags, _, pattern = key.partition(' ')\n"
        "    assert one.compiled(pattern, int(flags)) == plain(pattern, int(flags)), key\n"
        "    pairs += 1\n"
        "assert pairs > 300, pairs\nassert 'tomllib' not in sys.modules\n"
    )
    around = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    for part in ("", look):  # kept, then used
        subprocess.run([sys.executable, "-c", code + part], check=True, env=around)
