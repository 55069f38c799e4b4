"""The truth: the five real papers by the scorer, and every paper of our own, fact by fact."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from zhengling import extract

from .truth import ALL, gold_of, items, real_papers

LEAST = {"document": 1.0, "citation details": 0.95}  # F1 of each paper; 0.98 for all else


def test_the_real_papers(tmp_path: Path):
    """Each of the five reaches the F1 that the definition of done names, measured by the scorer beside them."""
    shared = real_papers()
    for paper in sorted((shared / "corpus").glob("*.txt")):
        (tmp_path / f"{paper.stem}.json").write_text(extract(paper).dumps(), "utf-8")
    run = subprocess.run(
        [sys.executable, shared / "score.py", shared / "gold", tmp_path, "--json"], capture_output=True, check=True
    )
    report = json.loads(run.stdout)
    assert len(report) == 6
    low = {
        (paper, kind): row["f1"]
        for paper, rows in report.items()
        for kind, row in rows.items()
        if row["f1"] < LEAST.get(kind, 0.98)
    }
    assert not low


@pytest.mark.parametrize("name", [f"{s}/{stem}" for s, (_, gold) in ALL.items() for stem in gold_of(gold)])
def test_our_own_papers(name: str):
    """No fact missed and none invented in the papers of invented places."""
    which, stem = name.split("/")
    papers, gold = ALL[which]
    (paper,) = papers.glob(f"{stem}.*")
    found = items(extract(paper).to_json())
    right = items(gold_of(gold)[stem])
    assert {"missed": list((right - found).elements()), "invented": list((found - right).elements())} == {
        "missed": [],
        "invented": [],
    }
