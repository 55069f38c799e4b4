"""The alignment of invented pairs of papers (tests/lineage/pairs) keeps what it reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zhengling as zl
from zhengling import ZhenglingError
from zhengling.benchmarks.lineage import PAIRS, Figures, figures, measured

GOLD = sorted((PAIRS / "gold").glob("*.json"))
UNSEEN = sorted((PAIRS / "unseen").glob("*.json"))
APART = sorted((PAIRS / "apart").glob("*.json"))


@pytest.fixture(scope="module")
def read() -> dict[str, Figures]:
    """Of each pair, its papers read by the program."""
    return {gold["pair"]: one for gold, _, one in measured([*GOLD, *UNSEEN], [PAIRS / "papers"])}


def whole(read: dict[str, Figures], golds: list[Path]) -> Figures:
    return sum((read[path.stem] for path in golds), Figures())


def test_pairs_are_aligned(read: dict[str, Figures]) -> None:
    one = whole(read, GOLD)
    assert one.links.f1 >= 0.95
    assert one.accuracy >= 0.94
    assert one.dropped.f1 >= 0.95


def test_pairs_written_later_are_aligned(read: dict[str, Figures]) -> None:
    one = whole(read, UNSEEN)
    assert one.links.f1 >= 0.95
    assert one.accuracy >= 0.9


def test_from_their_tasks_nothing_said_to_be_sure_is_wrong() -> None:
    golds = [*GOLD, *UNSEEN]
    one = sum((figures for _, _, figures in measured(golds, [], PAIRS / "tasks")), Figures())
    assert one.links.f1 >= 0.97
    assert one.sure.right >= 110
    assert one.sure.wrong == 0


def test_papers_of_one_subject_outside_a_chain_are_not_compared(tmp_path: Path) -> None:
    pairs = [json.loads(path.read_text("utf-8")) for path in APART]
    names = sorted({pair[side]["file"] for pair in pairs for side in ("superior", "lower")})
    graph = zl.Graph(tmp_path / "w")
    graph.build([PAIRS / "papers" / f"{name}.txt" for name in names], jobs=1)
    for pair in pairs:
        with pytest.raises(ZhenglingError) as raised:
            graph.compare(pair["lower"]["file"])
        assert raised.value.code == "no-superior"


def test_a_measure_counts_what_it_says() -> None:
    gold = json.loads(GOLD[0].read_text("utf-8"))
    right = figures(gold, gold)
    assert (right.links.f1, right.accuracy, right.dropped.f1, right.errors) == (1.0, 1.0, 1.0, [])
    first, *others = gold["links"]
    missed = figures(gold, {**gold, "links": others})
    assert (missed.links.missed, missed.links.wrong, missed.dropped.wrong) == (1, 0, 1)
    assert len(missed.errors) == 2  # the link and the label
    wrong = figures(gold, {**gold, "links": [*gold["links"], {**first, "superior": gold["dropped"][0]}]})
    assert (wrong.links.missed, wrong.links.wrong, wrong.dropped.missed) == (0, 1, 1)


@pytest.mark.parametrize("path", [*GOLD, *UNSEEN, *APART], ids=lambda path: path.stem)
def test_the_gold_of_pairs_is_sound(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    ids = {side: [task["id"] for task in gold[side]["tasks"]] for side in ("superior", "lower")}
    for side in ids:
        text = "".join((PAIRS / "papers" / f"{gold[side]['file']}.txt").read_text("utf-8").split())
        for task in gold[side]["tasks"]:
            assert task["starts"] in text
            assert task["ends"] in text
    for link in gold["links"]:
        assert link["lower"] in ids["lower"]
        assert link["superior"] in ids["superior"]
    assert gold["added"] == [t for t in ids["lower"] if t not in {link["lower"] for link in gold["links"]}]
    assert gold["dropped"] == [t for t in ids["superior"] if t not in {link["superior"] for link in gold["links"]}]
