"""The index of words finds what looking through all texts finds, in the same order, and follows the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zhengling as zl
from hypothesis import given
from hypothesis import strategies as st
from zhengling.app.lists import making
from zhengling.app.lists.reading import Lists
from zhengling.benchmarks import country
from zhengling.graph.stores import layers, words
from zhengling.graph.stores.embedded import EmbeddedStore
from zhengling.graph.workspace.workspace import Workspace
from zhengling.queries.runner import ask, questions, read

FIND = questions()["find"]
ASKED = [
    *({"text": text} for text in ("养老", "的", "服务", "便民服务", "工作台账", "APP", "app", "12345", "没有这样的词")),
    *(
        {"text": text, "limit": 0}
        for text in ("县民政局", "服务 养老", "养老 养老", "老 服务", "。", "2023年", "“一老一小”")
    ),
    {"text": "服务", "year": 2023, "limit": 3},
    {"text": "服务", "region": "中国", "limit": 0},
    {"text": "服务", "region": "没有这个地方"},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory, samples) -> Path:
    folder = tmp_path_factory.mktemp("search") / "w"
    assert not zl.open(folder).build([samples]).failures
    return folder


def looked_through(store: EmbeddedStore, given: dict) -> list:
    values = read(FIND, given, date.today(), None)[0]
    return [
        [sorted(one) if isinstance(one, list) else one for one in row] for row in store.rows(FIND.cypher, values)[1]
    ]


def compared(folder: Path) -> int:
    """The rows of all searches, which are the same with the index and without; how many there are."""
    count = 0
    with EmbeddedStore(folder / "cache/graph.lbug") as store:
        assert store.search(["一二"], "", 0, 1) is not None, "there is an index"
        graph = zl.open(folder)
        for given in ASKED:
            rows = looked_through(store, given)
            assert ask(store, FIND, given).rows == rows, given
            if not given.get("region"):  # there they are understood
                assert graph.ask("find", given).rows == rows, given
            count += len(rows)
        graph.close()
    return count


def test_the_index_finds_what_looking_through_all_finds(made):
    assert compared(made) > 100


def test_the_index_follows_the_store(made, tmp_path, samples):
    folder = shutil.copytree(made, tmp_path / "w")
    graph = zl.open(folder)
    first = compared(folder)
    graph.remove("linxi-2023.txt")
    fewer = compared(folder)
    assert fewer < first
    one = graph.query("find", text="服务", limit=1)[0]
    graph.correct("change", one["document"], task=one["item"], to={"title": "建设星际驿站"}, by="test")
    (found,) = graph.query("find", text="星际驿站")
    assert found["title"] == "建设星际驿站"
    compared(folder)
    graph.build([samples / "linxi-2023.txt"], again=True)
    compared(folder)
    graph.close()


def test_without_its_own_index_a_store_is_looked_through(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "w")
    file = folder / "cache/words.sqlite"
    rows = {}
    for state in ("its own", "of another", "damaged", "gone"):
        if state == "of another":
            with sqlite3.connect(file) as base:
                base.execute("UPDATE about SET store = '1 1'")
            base.close()
        elif state == "damaged":
            file.write_bytes(file.read_bytes()[:5000])
        elif state == "gone":
            file.unlink()
        with EmbeddedStore(folder / "cache/graph.lbug") as store:
            assert (store.search(["服务"], "", 0, 1) is None) == (state != "its own")
            rows[state] = ask(store, FIND, {"text": "服务", "limit": 0}).rows
    assert len(rows["gone"]) > 10
    assert all(found == rows["gone"] for found in rows.values())
    assert not zl.open(folder).build([]).failures  # nothing new, but that
    compared(folder)


LETTERS = st.text('养老服务aA1 。\n"*', max_size=12)


class Texts:
    """A store of tasks of one document."""

    def __init__(self, texts: list[tuple[str, str]]) -> None:
        self.texts = texts

    def rows(self, cypher: str, parameters: dict | None = None) -> tuple[list[str], list[list]]:
        numbered = [(f"{n:03}", title, text) for n, (title, text) in enumerate(self.texts)]
        if "words" in cypher:
            return [], [[id, title + "\n" + text, "paper", int(id), "", 0] for id, title, text in numbered]
        wanted = (parameters or {}).get("ids")
        return [], [list(row) for row in numbered if wanted is None or row[0] in wanted]

    def each(self, cypher: str) -> Iterator[list]:
        yield from self.rows(cypher)[1]


@given(
    before=st.lists(st.tuples(LETTERS, LETTERS), max_size=8),
    after=st.lists(st.tuples(LETTERS, LETTERS), max_size=8),
    sought=st.lists(st.text('养老服务aA1。"*', min_size=1, max_size=4), min_size=1, max_size=3),
)
def test_any_words_in_any_texts(tmp_path_factory, before, after, sought):
    file = tmp_path_factory.mktemp("words") / "graph.lbug"
    for size, texts in ((1, before), (2, after)):
        file.write_bytes(bytes(size))
        words.renew(file, Texts(texts))
        index = words.WordIndex.of(file, words.state_of(file.stat()))
        assert index is not None
        right = [
            (-sum(word in title for word in sought), f"{n:03}")
            for n, (title, text) in enumerate(texts)
            if all(word in title or word in text for word in sought)
        ]
        found = index.search(sought, "", 0, 100)
        if any(len(word) > 1 for word in sought):
            assert found == [{"id": id, "rank": -rank} for rank, id in sorted(right)]
        index.close()


@pytest.fixture(scope="module")
def grown(tmp_path_factory) -> Path:
    """A workspace with a paper that came later, told alone."""
    folder = tmp_path_factory.mktemp("grown")
    for numbers in (range(119), [119]):
        country.write(numbers, folder / "records")
        Workspace(folder).build([], jobs=1)
    assert layers.below(folder / "cache/graph.lbug") is not None
    return folder


NOWHERE = {"text": "没有这样的词"}


def searches() -> list[dict]:
    """Words of the paper that came last and of the one before it."""
    found = []
    for n in (118, 119):
        task = country.record(n)["tasks"][0]
        found += [{"text": task["text"][at : at + 4], "limit": 0} for at in (0, 2, 6)]
    return [*found, {"text": country.record(119)["tasks"][-1]["text"], "limit": 0}, NOWHERE]


def test_of_a_paper_that_comes_later_the_index_knows_beside_all_before(grown, tmp_path):
    with EmbeddedStore(grown / "cache/graph.lbug") as store:
        making.make(store, tmp_path / "lists")
        lists = Lists(tmp_path / "lists", grown / "cache/graph.lbug")
        assert lists.indexed
        for given in searches():
            assert store.search([given["text"]], "", 0, 1) is not None
            rows = looked_through(store, given)
            assert ask(store, FIND, given).rows == rows, given
            listed = lists.tasks({"text": given["text"]}, size=0).rows
            assert sorted(task["id"] for task in listed) == sorted(row[0] for row in rows)
            assert rows or given == NOWHERE


@pytest.mark.parametrize("lost", ["words-more.sqlite", "words.sqlite"])
def test_a_part_of_the_index_that_is_lost_is_made_again(grown, tmp_path, lost):
    folder = shutil.copytree(grown, tmp_path / "w")
    Path(folder, "cache", lost).write_bytes(b"no file of a database")
    asked = searches()[6]
    with EmbeddedStore(folder / "cache/graph.lbug") as store:
        assert store.search([asked["text"]], "", 0, 1) is None
        right = ask(store, FIND, asked).rows
    assert right
    Workspace(folder).build([], jobs=1)
    with EmbeddedStore(folder / "cache/graph.lbug") as store:
        assert store.search([asked["text"]], "", 0, 9)
        assert ask(store, FIND, asked).rows == right
