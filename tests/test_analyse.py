"""`analyse`: figures against small graphs reckoned by hand and against independent computations."""

from __future__ import annotations

import csv
import io
import itertools
import json
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
import zhengling
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.analyse import FIGURES, Work, analyse, betweenness, communities, gini, together
from zhengling.graph.schema import NODES

COUNTY = "中国/樾原省/霁川市/鹭滩县"


class Small:
    """A graph by hand: tasks with their units, citations and steps between documents (`schema.Source`)."""

    def __init__(self, tasks: dict[str, list[str]], documents: dict[str, dict[str, Any]] | None = None) -> None:
        self.tasks, self.papers = tasks, documents or {"d": {}}
        self.steps: list[tuple[str, str]] = []
        self.cites: list[tuple[str, str]] = []
        self.turned = False  # rows in the other order

    def _order(self, rows):
        return reversed(list(rows)) if self.turned else iter(list(rows))

    def nodes(self, label):
        units = sorted({u for some in self.tasks.values() for u in some})
        given: dict[str, list[dict[str, Any]]] = {
            "Document": [
                {"id": d, "title": d, "level": "county", "region": COUNTY, "year": 2023, "loaded": True, **facts}
                for d, facts in self.papers.items()
            ],
            "Task": [{"id": t, "document": t.partition(".")[0]} for t in self.tasks],
            "Unit": [{"id": u, "name": u, "region": COUNTY, "collective": u.startswith("各")} for u in units],
            "Region": [{"id": COUNTY}, {"id": "中国"}],
            "Deadline": [],
        }
        return self._order([row.get(name) for name in NODES[label]] for row in given[label])

    def relationships(self, name, start, stop):
        rows: list[Any] = []
        if name == "CONTAINS":
            rows = [(t.partition(".")[0], t) for t in self.tasks]
        elif name == "RESPONSIBLE_FOR":
            rows = [(u, t) for t, some in self.tasks.items() for u in some]
        elif name == "IMPLEMENTS":
            rows = self.steps
        elif name == "CITES" and start == "Document":
            rows = self.cites
        return self._order(rows)


def work(tasks: dict[str, list[str]]) -> Work:
    units = {u for some in tasks.values() for u in some}
    return Work(
        {u: {"name": u, "region": COUNTY, "collective": u.startswith("各")} for u in units},
        {task: sorted(set(some)) for task, some in tasks.items()},
    )


# --- by hand --------------------------------------------------------------------------------------------------------


def test_a_path_of_three():
    """甲 and 丙 meet only over 乙: 乙 lies on the one path between them, and is the whole of it."""
    graph = analyse(Small({"d.1": ["甲", "乙"], "d.2": ["乙", "丙"], "d.3": ["乙", "丙"]}), ["units"])["units"]
    rows = {row[0]: dict(zip(graph.columns, row, strict=True)) for row in graph.rows}
    assert [row[0] for row in graph.rows] == ["乙", "丙", "甲"]
    assert {u: (r["partners"], r["shared"], r["betweenness"]) for u, r in rows.items()} == {
        "甲": (1, 1, 0.0),
        "乙": (2, 3, 1.0),
        "丙": (1, 2, 0.0),
    }
    assert {r["community"] for r in rows.values()} == {1}


def test_many_shared_tasks_are_a_short_way():
    """甲-丁 share one task, but 甲-乙-丁 three each: 1/3 + 1/3 is nearer than 1."""
    tasks = {f"d.{n}": ["甲", "乙"] for n in range(3)} | {f"d.{n + 3}": ["乙", "丁"] for n in range(3)}
    rows = analyse(Small(tasks | {"d.9": ["甲", "丁"]}), ["units"])["units"].rows
    assert {row[0]: row[5] for row in rows} == {"乙": 1.0, "甲": 0.0, "丁": 0.0}
    # With two each both ways are as long: each carries half.
    tasks = {f"d.{n}": ["甲", "乙"] for n in range(2)} | {f"d.{n + 2}": ["乙", "丁"] for n in range(2)}
    rows = analyse(Small(tasks | {"d.9": ["甲", "丁"]}), ["units"])["units"].rows
    assert {row[0]: row[5] for row in rows}["乙"] == 0.5


def test_two_circles_of_friends():
    tasks = {"d.1": ["甲", "乙", "丙"], "d.2": ["甲", "乙", "丙"], "d.3": ["丁", "戊", "己"], "d.4": ["丁", "戊", "己"]}
    found = analyse(Small(tasks | {"d.5": ["丙", "丁"], "d.6": ["庚"]}), ["communities"])["communities"]
    assert [(row[1], row[2], sorted(row[3])) for row in found.rows] == [
        (3, 6, sorted("丁戊己")),
        (3, 6, sorted("甲乙丙")),
    ]


def test_reach_and_rank():
    levels = {"国": "national", "省": "province", "市": "city", "县一": "county", "县二": "county"}
    source = Small({"县一.1": ["甲"], "县一.2": ["甲"], "县二.1": ["乙"]}, {d: {"level": v} for d, v in levels.items()})
    source.steps = [("县一", "市"), ("县二", "市"), ("市", "省"), ("省", "国")]
    source.cites = [("县一", "市"), ("县二", "市"), ("县二", "国")]
    table = analyse(source, ["directives"])["directives"]
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert {d: (r["reach"], r["tasks"], r["cited_by"]) for d, r in rows.items()} == {
        "国": (4, 3, 1),
        "省": (3, 3, 0),
        "市": (2, 3, 2),
    }
    assert [row[0] for row in table.rows] == ["国", "省", "市"]
    # Rank by the equations themselves: p = 0.15/n + 0.85 (what flows in + what ends is spread over all).
    links = {"县一": ["市"], "县二": ["市", "国"], "市": ["省"], "省": ["国"], "国": []}
    ranks = dict.fromkeys(links, 0.2)
    for _ in range(500):
        loose = sum(ranks[d] for d, out in links.items() if not out)
        ranks = {
            d: 0.15 / 5 + 0.85 * (loose / 5 + sum(ranks[a] / len(out) for a, out in links.items() if d in out))
            for d in links
        }
    assert {d: r["pagerank"] for d, r in rows.items()} == {d: pytest.approx(ranks[d], abs=1e-6) for d in rows}


def test_workload_and_collectives():
    tasks = {"d.1": ["甲"], "d.2": ["甲", "各乡镇"], "d.3": ["甲", "乙"], "d.4": ["各乡镇"], "d.5": ["甲"]}
    found = analyse(Small(tasks), ["workload", "collectives"])
    (row,) = found["workload"].rows
    got = dict(zip(found["workload"].columns, row, strict=True))
    # 甲 has four tasks and 乙 one: half the mean difference over the mean, |4 - 1| / 2 / 2 / 2.5.
    assert got == {
        "region": COUNTY,
        "tasks": 5,
        "units": 2,
        "assignments": 5,
        "mean": 2.5,
        "gini": 0.3,
        "busiest": "甲",
        "busiest_tasks": 4,
        "top_tenth": 0.8,
    }
    assert found["collectives"].rows == [[COUNTY, 5, 2, 1, 0.4, 0.2]]


def test_region_and_year_and_wrong_words():
    source = Small({"d.1": ["甲", "乙"], "e.1": ["丙", "乙"]}, {"d": {}, "e": {"year": 2024}})
    assert len(analyse(source, ["units"], year=2024)["units"].rows) == 2
    assert len(analyse(source, ["units"], region="鹭滩县")["units"].rows) == 3
    assert len(analyse(source, ["units"], region="中国/樾原省")["units"].rows) == 3
    for figures, region, code in ((["size"], "", "no-such-figure"), (["units"], "滩县", "no-such-region")):
        with pytest.raises(ZhenglingError) as caught:
            analyse(source, figures, region)
        assert caught.value.code == code


def test_nothing_gives_empty_figures():
    assert {name: t.rows for name, t in analyse(Small({}, {}), list(FIGURES)).items()} == {name: [] for name in FIGURES}


# --- against brute force --------------------------------------------------------------------------------------------

_TASKS = st.dictionaries(
    st.integers(0, 30).map(lambda n: f"d.{n}"),
    st.lists(st.sampled_from("甲乙丙丁戊己庚"), min_size=1, max_size=4, unique=True),
    max_size=14,
)


def _brute(graph) -> dict[int, Fraction]:
    """Betweenness by looking at every simple path between every pair."""
    near = {n: {m: Fraction(1, graph.edges[n, m]["weight"]) for m in graph[n]} for n in graph}
    found = dict.fromkeys(graph, Fraction(0))

    def paths(way: list[int], end: int, length: Fraction):
        if way[-1] == end:
            yield length, list(way)
            return
        for other, step in near[way[-1]].items():
            if other not in way:
                yield from paths([*way, other], end, length + step)

    for one, two in itertools.combinations(graph, 2):
        ways = list(paths([one], two, Fraction(0)))
        if ways:
            least = min(length for length, _ in ways)
            shortest = [way for length, way in ways if length == least]
            for way in shortest:
                for middle in way[1:-1]:
                    found[middle] += Fraction(1, len(shortest))
    pairs = (len(graph) - 1) * (len(graph) - 2) // 2
    return {n: value / pairs if pairs else Fraction(0) for n, value in found.items()}


@settings(max_examples=60, deadline=None)
@given(_TASKS)
def test_betweenness_is_that_of_every_path(tasks):
    graph = together(work(tasks))
    assert betweenness(graph) == {n: pytest.approx(float(v), abs=1e-9) for n, v in _brute(graph).items()}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 50), max_size=12))
def test_gini_is_half_the_mean_difference(values):
    total = sum(values)
    if not total:
        assert gini(values) is None
        return
    differences = sum(abs(a - b) for a in values for b in values)
    assert gini(values) == pytest.approx(differences / (2 * len(values) * total))


@settings(max_examples=40, deadline=None)
@given(_TASKS)
def test_no_unit_would_rather_stand_alone(tasks):
    """Communities part the units that share work, and are better than each unit for itself (modularity)."""
    graph = together(work(tasks))
    found = communities(graph)
    assert sorted(n for some in found for n in some) == [n for n in graph if graph.degree(n)]
    whole = sum(w for *_, w in graph.edges(data="weight"))

    def modularity(parts: list[list[int]]) -> float:
        out = 0.0
        for part in parts:
            inner = sum(w for a, b, w in graph.edges(data="weight") if a in part and b in part)
            ends = sum(w for n in part for *_, w in graph.edges(n, data="weight"))
            out += inner / whole - (ends / (2 * whole)) ** 2
        return out

    if whole:
        assert modularity(found) >= modularity([[n] for some in found for n in some]) - 1e-9


@settings(max_examples=25, deadline=None)
@given(_TASKS, st.randoms())
def test_the_order_of_the_input_does_not_matter(tasks, chance):
    source, other = Small(tasks), Small(dict(chance.sample(sorted(tasks.items()), len(tasks))))
    other.turned = True
    assert analyse(source, list(FIGURES)) == analyse(other, list(FIGURES))


# --- the command ----------------------------------------------------------------------------------------------------


def test_command(run, built, tmp_path):
    shown = run("analyse", "--workspace", built, "--limit", 2, lang="zh")
    assert shown.status == 0
    assert all(word in shown.out for word in ("单位的中心性", "基尼系数", "PageRank", "只有统称的任务"))
    rows = json.loads(run("analyse", "units", "--format", "json", "--limit", 0, "--workspace", built).out)
    assert rows == zhengling.open(built).analyse("units")
    assert len(rows) > 20 and rows[0]["betweenness"] >= rows[-1]["betweenness"]
    some = json.loads(run("analyse", "--format", "json", "--region", "鹭滩县", "--workspace", built).out)
    assert list(some) == list(FIGURES)
    assert {row["region"].rpartition("/")[2] for row in some["workload"]} <= {"鹭滩县", "芦隐镇"}
    table = list(
        csv.DictReader(io.StringIO(run("analyse", "collectives", "--format", "csv", "--workspace", built).out))
    )
    assert table and all(0 <= float(row["share"]) <= 1 for row in table)
    assert run("analyse", "--format", "xlsx", "--out", tmp_path / "a.xlsx", "--workspace", built).status == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == list(FIGURES)
    for wrong in (["size"], ["--region", "滩县"], ["--format", "csv"], ["--limit", "-1"]):
        got = run("analyse", *wrong, "--workspace", built)
        assert got.status == 2 and got.err.count("\n") == 1
