"""The alignment of invented pairs of papers (tests/lineage/pairs) keeps what it reaches."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import zhengling as zl
from zhengling import ZhenglingError
from zhengling.benchmarks.genre import files
from zhengling.benchmarks.lineage import PAIRS, Figures, figures, measured, record
from zhengling.extractors.model import Record
from zhengling.graph.lineage.align import Link, align

from . import forms
from .programs import printing_font

GOLD = sorted((PAIRS / "gold").glob("*.json"))
UNSEEN = sorted((PAIRS / "unseen").glob("*.json"))
READ, READ_LATER = ([path for path in paths if path.stem < "17"] for paths in (GOLD, UNSEEN))
READ_LAST = [path for path in UNSEEN if "28" <= path.stem < "32"]
READ_HARD = [path for path in UNSEEN if "32" <= path.stem < "38"]
READ_OTHERS = [path for path in UNSEEN if path.stem >= "38"]
FRAMES, FRESH, NEWEST = (PAIRS.parent / name for name in ("frames", "fresh", "newest"))
APART = sorted((PAIRS / "apart").glob("*.json"))

#: A superior's paper and one of another subject.
OTHER_SUBJECTS = [
    *(("17-drone", "18-nursery"), ("19-food", "22-tourism"), ("20-disabled", "21-wetland"), ("23-grain", "24-home")),
    *(("24-home", "19-food"), ("22-tourism", "27-soil"), ("03-water", "05-schools"), ("07-fire", "23-grain")),
    *(("01-elderly", "15-pipes"), ("26-robots", "10-village")),
]
OUTSIDE = ("17-drone", "18-nursery", "19-food", "20-disabled", "21-wetland", "22-tourism", "23-grain", "24-home",
           "25-rescue", "26-robots")  # fmt: skip


@pytest.fixture(scope="module")
def read() -> dict[str, Figures]:
    """Of each pair, its papers read by the program."""
    return {
        gold["pair"]: one
        for gold, _, one in measured([*READ, *READ_LATER, *READ_LAST, *READ_HARD, *READ_OTHERS], [PAIRS / "papers"])
    }


def whole(read: dict[str, Figures], golds: list[Path]) -> Figures:
    return sum((read[path.stem] for path in golds), Figures())


def test_pairs_are_aligned(read: dict[str, Figures]) -> None:
    one = whole(read, READ)
    assert one.links.f1 >= 0.95
    assert one.accuracy >= 0.94
    assert one.dropped.f1 >= 0.95


def test_pairs_written_later_are_aligned(read: dict[str, Figures]) -> None:
    one = whole(read, READ_LATER)
    assert one.links.f1 >= 0.95
    assert one.accuracy >= 0.9


def test_pairs_written_last_are_aligned(read: dict[str, Figures]) -> None:
    """A plan in prose below which a county has a table, a plan that a city writes anew, a bureau that has five tasks of
    thirty, a year's plan that merges and splits."""
    one = whole(read, READ_LAST)
    assert one.links.f1 >= 0.9
    assert one.accuracy >= 0.8
    assert one.dropped.f1 >= 0.9
    assert one.sure.wrong == 0
    assert read["30-green"].errors == []


def test_pairs_in_other_words_are_aligned(read: dict[str, Figures]) -> None:
    """A county, a district, a township, a city that say nearly all of it in words of their own."""
    one = whole(read, READ_HARD)
    assert one.links.f1 >= 0.9
    assert one.accuracy >= 0.84
    assert one.links.precision >= 0.98


def test_pairs_of_another_writer_are_aligned(read: dict[str, Figures]) -> None:
    """With tasks of their own that share a requirement word for word with another's, two plans written anew, one of
    several merged, a bureau's."""
    one = whole(read, READ_OTHERS)
    assert one.links.f1 >= 0.88
    assert one.links.precision >= 0.87
    assert one.accuracy >= 0.84
    assert one.sure.precision >= 0.975
    easy = whole(read, [path for path in READ_OTHERS if path.stem < "42"])
    assert easy.links.f1 >= 0.95
    assert read["41-vocational"].errors == []


def test_from_their_tasks_what_is_said_to_be_sure_is_right() -> None:
    golds = [*GOLD, *UNSEEN]
    one = sum((figures for _, _, figures in measured(golds, [], PAIRS / "tasks")), Figures())
    assert one.links.f1 >= 0.935
    assert one.accuracy >= 0.88
    assert one.dropped.f1 >= 0.88
    assert one.sure.right >= 350
    assert one.sure.precision >= 0.99


def from_tasks(folder: Path) -> Figures:
    """Of all pairs of a folder, from the gold's tasks."""
    golds = sorted((folder / "gold").glob("*.json"))
    return sum((figures for _, _, figures in measured(golds, [], folder / "tasks")), Figures())


def links_of(folder: Path, superior: str, lower: str) -> list[tuple[str, str, Link]]:
    """The first words of both tasks of each link (title and text)."""
    papers = [record(name, [], folder / "tasks") for name in (superior, lower)]
    above, below = ({task.id: f"{task.title or ''} {task.text}".strip() for task in one.tasks} for one in papers)
    return [(below[x.lower], above[x.upper], x) for x in align(*papers).links]


def test_what_is_said_of_other_things_in_the_same_words_is_not_sure() -> None:
    """Eight pairs by others, whose lower papers have tasks of their own in the words of a superior's."""
    one = from_tasks(FRAMES)
    assert one.links.f1 >= 0.9
    assert one.links.precision >= 0.87
    assert one.accuracy >= 0.76
    assert one.dropped.f1 >= 0.85
    assert one.sure.right >= 110
    assert one.sure.precision >= 0.97


def test_pairs_that_nothing_was_made_on_are_aligned() -> None:
    """Ten pairs by others: nearly copied, adapted, merged, three written anew."""
    one = from_tasks(FRESH)
    assert one.links.f1 >= 0.925
    assert one.links.precision >= 0.95
    assert one.accuracy >= 0.84
    assert one.sure.right >= 125
    assert one.sure.precision >= 0.99


def test_pairs_that_came_last_are_aligned() -> None:
    """Ten pairs by others: three nearly copied, four adapted, three written anew."""
    one = from_tasks(NEWEST)
    assert one.links.f1 >= 0.965
    assert one.accuracy >= 0.875
    assert one.dropped.f1 >= 0.95
    assert one.sure.right >= 140
    assert one.sure.wrong == 0


def test_a_weaker_standard_is_no_copy() -> None:
    """The same words but for a share, a limit or a pace."""
    told = links_of(NEWEST, "fire-yunji2025-danfeng-2025", "fire-yunji2025-yunji-2025")
    said = {lower[:8]: link.wording for lower, _, link in told}
    assert set(said.values()) == {"copied", "adapted"}, said
    weaker = [link for _, _, link in told if any(c.kind == "figure-changed" and c.effect for c in link.changes)]
    assert len(weaker) > 3 and {link.wording for link in weaker} == {"adapted"}


def test_what_is_in_doubt_gives_way() -> None:
    """River wardens in the words of the superior's road wardens, beside road wardens in other words."""
    found = links_of(FRAMES, "songzhou-ngl-2024", "tuoxi-ngl-2024")
    assert [lower for lower, upper, _ in found if "落实“路长制”" in upper and "长要" in lower] == [
        next(lower for lower, _, _ in found if lower.startswith("15.路长要上路"))
    ]
    assert not any(lower.startswith("16.河长要巡河") for lower, _, _ in found)


def test_what_is_left_and_the_same_units_work_belongs_together() -> None:
    found = links_of(FRAMES, "cangwan-wl-2024", "beiyi-wl-2024")
    left = {(lower[3:9], upper[2:10]): x.state for lower, upper, x in found if x.grounds["left"]}
    assert left[("码头不打烊 ", "培育夜间文旅消费")] == "likely"


def test_the_work_of_a_bureaus_own_offices_is_the_bureaus() -> None:
    """A bureau's plan names its offices alone. What papers say of any work leads to other bureaus' tasks only where
    nobody knows whose offices they are."""
    gold = json.loads((FRAMES / "gold/dongpu2025kj-jinghe-scjg2025.json").read_text("utf-8"))
    upper, lower = (record(gold[side]["file"], [], FRAMES / "tasks") for side in ("superior", "lower"))
    bureau = replace(lower, document=replace(lower.document, issuer="景河市市场监督管理局"))
    other = replace(lower, document=replace(lower.document, issuer="景河市人民政府"))
    unknown, known, government = (figures(gold, align(upper, one).to_json()) for one in (lower, bureau, other))
    assert known.links.right == unknown.links.right == government.links.right
    assert known.links.wrong < unknown.links.wrong == government.links.wrong
    assert known.sure.wrong == 0


def test_what_leaves_a_part_out_is_adapted() -> None:
    found = links_of(FRESH, "anlan-xiaofang-2024", "baisha-xiaofang-2024")
    wording = {upper.split(" ")[-1][:12]: x.wording for _, upper, x in found}
    assert wording["消防安全重点单位全面推行"] == "adapted"  # a yearly check is gone, all else is the same


def test_who_leads_tells_a_frame() -> None:
    """An emergency plan for epidemics among animals in the words of one for food safety: sure where nobody is known to
    lead, or a township has it, but not where other bureaus do."""
    upper, lower = (record(name, [], FRAMES / "tasks") for name in ("minlin-sp-2024", "yuntan-sp-2024"))

    def state(one: Record) -> str:
        found = align(upper, one)
        texts = {task.id: task.text for task in one.tasks}
        return next(x.state for x in found.links if texts[x.lower].startswith("修订重大动物疫情"))

    silent = replace(lower, tasks=[replace(task, units=[]) for task in lower.tasks])
    township = replace(lower, document=replace(lower.document, level="township"))
    assert [state(lower), state(silent), state(township)] == ["likely", "sure", "sure"]


@pytest.mark.parametrize("pair", ["09-bureau", "32-fishery", "33-parking", "35-weather", "36-archives"])
def test_a_paper_that_copies_and_leaves_out_has_each_task_from_its_own_alone(pair: str) -> None:
    upper = zl.extract(PAIRS / "papers" / f"{pair}-superior.txt")
    for n in range(6):
        lower = replace(upper, tasks=[task for k, task in enumerate(upper.tasks) if (k * 7 + n) % 5 > 1 or k % 6 == n])
        found = align(upper, lower)
        assert [(x.lower, x.upper, x.state) for x in found.links] == [(t.id, t.id, "sure") for t in lower.tasks]


@pytest.mark.parametrize(("superior", "lower"), OTHER_SUBJECTS, ids=lambda name: name)
def test_papers_that_have_nothing_to_do_with_each_other_have_no_links(superior: str, lower: str) -> None:
    upper, below = (record(name, [], PAIRS / "tasks") for name in (f"{superior}-superior", f"{lower}-lower"))
    found = align(upper, below)
    assert found.links == []
    assert found.added == [task.id for task in below.tasks]


def test_papers_of_one_subject_outside_a_chain_have_no_links(tmp_path: Path) -> None:
    """Ten pairs of which the lower papers, as they stand here, cite nothing, and six of places that have nothing to do
    with each other."""
    (tmp_path / "papers").mkdir()
    pairs = [json.loads(path.read_text("utf-8")) for path in APART]
    lower = {pair["lower"]["file"] for pair in pairs} | {f"{pair}-lower" for pair in OUTSIDE}
    for name in lower | {pair["superior"]["file"] for pair in pairs} | {f"{pair}-superior" for pair in OUTSIDE}:
        lines = (PAIRS / "papers" / f"{name}.txt").read_text("utf-8").splitlines()
        said = [line for line in lines if name.endswith("superior") or "》（" not in line]
        (tmp_path / "papers" / f"{name}.txt").write_text("\n".join(said), "utf-8")
    graph = zl.Graph(tmp_path / "w")
    graph.build(tmp_path / "papers", jobs=1)
    assert graph.cypher("MATCH (t:Task) RETURN count(t) AS tasks")[0]["tasks"] > 200
    assert graph.cypher("MATCH (:Task)-[r:DERIVES_FROM|RESEMBLES]->(:Task) RETURN r.state") == []
    for name in sorted(lower):
        with pytest.raises(ZhenglingError) as raised:
            graph.compare(name)
        assert raised.value.code == "no-superior"


def blocks(text: str) -> list[files.Block]:
    """The paragraphs of a paper, with its table in Markdown as a real one."""
    out: list[files.Block] = []
    for line in filter(str.strip, text.splitlines()):
        row = [cell.strip() for cell in line.strip("| ").split("|")] if line.startswith("|") else []
        if not row:
            out.append(line)
        elif not set("".join(row)) <= set("-"):
            if not isinstance(out[-1], files.Sheet):
                out.append(files.Sheet([], len(row)))
            sheet = out[-1]
            n = len(sheet.boxes) // sheet.width
            sheet.boxes += [files.Box(cell, n, k) for k, cell in enumerate(row)]
    return out


def test_what_is_read_from_print_is_aligned_as_its_text_is(tmp_path: Path) -> None:
    """Prose and a table, printed by LibreOffice: the same links, changes, additions and omissions."""
    printing_font()
    names = [f"{pair}-{side}" for pair in ("11-clinic", "19-food") for side in ("superior", "lower")]
    texts = [PAIRS / "papers" / f"{name}.txt" for name in names]
    made = [files.docx(blocks(path.read_text("utf-8")), tmp_path / f"{path.stem}.docx") for path in texts]
    printed = forms.convert(made, "pdf", tmp_path)

    def told(papers: list[Path]) -> list[tuple]:
        read = [zl.extract(path) for path in papers]
        found = [align(*pair) for pair in zip(read[::2], read[1::2], strict=True)]
        links = [[(x.lower, x.upper, x.kind, x.wording, x.state, x.changes) for x in one.links] for one in found]
        return [(some, one.added, one.dropped) for some, one in zip(links, found, strict=True)]

    right = told(texts)
    assert all(len(links) > 10 for links, _, _ in right)
    assert told(printed) == right


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
