"""What the columns of a table hold, decided over the whole table: headings are evidence, cells are evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..words.cells import CellWords, Look
from ..words.fold import squeeze
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule

#: A column is of a kind by its cells alone where this share of them looks so.
_MOST = 0.6
_SOME = _MOST / 2
_NEARLY_ALL = 0.75
_SAMPLE = 60
_ALL_BUT_SLIPS = 0.9
#: Characters of a cell that is more than a name; mean ones of texts, of goals that are texts, of texts at the least.
_LONG_WORDS, _TEXT_WORDS, _GOAL_WORDS, _FEWEST_WORDS = 18, 10, 8, 5
#: So much longer are texts than the names beside them: as a rule, and at the least.
_LONGER, _SOMEWHAT_LONGER = 2, 1.5

#: A text that begins with a numbered heading of its own (1.护林。建好林场。).
_HEADED = re.compile(r"\d{1,2}[.、](?!\d)[^。;,:]{2,30}[。:].")

#: Which looks speak for which kind of column.
_SPEAKS = {
    "number": {"number": 1.0},
    "units": {"units": 1.0, "maybe": 0.8},
    "deadline": {"time": 1.0, "schedule": 1.0, "year": 1.0, "timely": 0.4},
    "person": {"person": 1.0, "phone": 1.0},
    "money": {"money": 1.0, "year": 0.5},
    "basis": {"basis": 1.0},
}


@dataclass(slots=True)
class _ColumnLooks:
    """A column's heading and what its cells look like; `size` is the mean length of those that hold something."""

    known: str | None
    looks: Counter[str]
    count: int
    size: float
    distinct: int = 0  # how many cells say something else
    names_rows: bool = False  # under a heading of its own, each cell is one name that no other has
    headed: bool = False  # nearly all cells begin with a numbered heading
    planned: bool = False  # the heading tells of what is to be reached by when

    def share(self, kind: str) -> float:
        return sum(self.looks[k] * w for k, w in _SPEAKS[kind].items()) / self.count if self.count else 0.0

    def chapters(self, texts: _ColumnLooks) -> bool:
        """Whether the cells are numbered as chapters are, and several texts stand beside one of them; as clauses are,
        where the texts have headings of their own."""
        marked = self.looks["chapter"]
        if texts.headed:
            marked += self.looks["clause"]
        return marked >= _NEARLY_ALL * self.count and self.distinct < texts.count

    @property
    def sentences(self) -> float:
        if not self.count:
            return 0.0
        return sum(self.looks[k] for k in ("sentence", "timely", "heading")) / self.count


def _column(head: str | None, cells: Sequence[str], words: CellWords) -> _ColumnLooks:
    seen: list[Look] = [s for s in (words.look(c) for c in cells[:_SAMPLE]) if s.kind not in ("empty", "nobody")]
    size = sum(s.size for s in seen) / len(seen) if seen else 0.0
    kind = kind_of_heading(head) if head else None
    said = [squeeze(c) for c in cells if c]
    apart = bool(head) and kind is None and len(said) > 1 and len({*said}) == len(said) and "、" not in "".join(said)
    headed = bool(said) and sum(bool(_HEADED.match(c)) for c in said) >= _NEARLY_ALL * len(said)
    planned = bool(head) and rule("planned", "layout.toml").search(squeeze(head)) is not None
    return _ColumnLooks(kind, Counter(s.kind for s in seen), len(seen), size, len({*said}), apart, headed, planned)


def kinds_of(heads: Sequence[str | None], cells: Sequence[Sequence[str]], words: CellWords) -> list[str | None]:
    """The kind of each column (number, section, task, text, lead, responsible, support, deadline, person, money,
    basis, goal, other, nowork; None where nothing tells). `heads` are folded headings, None or empty where there is
    none; `cells` the folded cells of each column."""
    columns = [_column(h, c, words) for h, c in zip(heads, cells, strict=True)]
    kinds = [c.known for c in columns]
    for n, column in enumerate(columns):
        kinds[n] = _corrected(column) if column.known else _by_cells(column, kinds, n)
    kinds = _projects(columns, _problems(kinds))
    _built(columns, kinds)
    _turned(columns, kinds)
    _named(columns, kinds)
    _words(columns, kinds)
    _grouped(columns, kinds)
    _groups(columns, kinds, heads)
    _stages(columns, kinds, heads)
    return kinds


def _stages(columns: list[_ColumnLooks], kinds: list[str | None], heads: Sequence[str | None]) -> None:
    """Stages that are a row each, where nothing else has the names of the rows: these are the titles of what is to be
    done in them. A stage over several rows is a heading."""
    if "task" in kinds or "text" not in kinds:
        return
    rows = columns[kinds.index("text")].count
    for n, (column, head) in enumerate(zip(columns, heads, strict=True)):
        stage = kinds[n] == "section" and head and rule("stage", "layout.toml").search(squeeze(head))
        if stage and column.count == column.distinct == rows > 1:
            kinds[n] = "task"
            return


def _grouped(columns: list[_ColumnLooks], kinds: list[str | None]) -> None:
    """The classes of projects, fewer than these, are their chapters where units answer for what is to be done."""
    if kinds.count("nowork") != 1 or "text" not in kinds or not any(k in UNIT_KINDS for k in kinds):
        return
    at, text = kinds.index("nowork"), kinds.index("text")
    if at < text and columns[at].distinct < columns[text].count and columns[at].size < columns[text].size:
        kinds[at] = "section"


def _groups(columns: list[_ColumnLooks], kinds: list[str | None], heads: Sequence[str | None]) -> None:
    """A headed column of which nothing else is known, before those of the work, that groups rows: one name stands for
    several of them. Others than these answer for the work."""
    at = min((n for n, k in enumerate(kinds) if k in ("task", "text")), default=0)
    if not any(k in UNIT_KINDS for k in kinds):
        return
    rows = max((columns[n].count for n, k in enumerate(kinds) if k in ("task", "text")), default=0)
    for n in range(at):
        column = columns[n]
        if kinds[n] is None and heads[n] and 1 < column.distinct < rows and column.sentences == 0:
            kinds[n] = "section"


def _turned(columns: list[_ColumnLooks], kinds: list[str | None]) -> None:
    """Names of tasks under a heading of texts, and texts under one of tasks: each is what its cells say."""
    if kinds.count("text") != 1 or kinds.count("task") != 1:
        return
    at, other = kinds.index("text"), kinds.index("task")
    text, task = columns[at], columns[other]
    if text.sentences == 0 and text.size < _LONG_WORDS and task.sentences > _MOST and task.size > _LONGER * text.size:
        kinds[at], kinds[other] = "task", "text"


def _named(columns: list[_ColumnLooks], kinds: list[str | None]) -> None:
    """Names of tasks under the only heading of texts, beside goals that are sentences: these are the texts."""
    if kinds.count("text") != 1 or "task" in kinds or "nowork" in kinds:
        return
    at = kinds.index("text")
    names = columns[at]
    if not names.count or names.size >= _LONG_WORDS or names.looks["sentence"] + names.looks["timely"]:
        return
    told = [
        n
        for n, c in enumerate(columns)
        if n > at
        and kinds[n] == "goal"
        and c.count == names.count
        and c.size > _LONGER * names.size
        and c.sentences > _MOST
    ]
    if len(told) == 1:
        kinds[at], kinds[told[0]] = "task", "text"


def _problems(kinds: list[str | None]) -> list[str | None]:
    """Problems are the titles of the measures that stand behind them, unless others have titles; else they tell how
    the work goes."""
    at = kinds.index("problem") if "problem" in kinds else -1
    if at >= 0 and "text" not in kinds and kinds.count("task") == 1 and at < kinds.index("task"):
        kinds = ["text" if k == "task" else k for k in kinds]  # 交办事项 beside 需解决问题
    titles = at >= 0 and "task" not in kinds and "text" in kinds[at + 1 :]
    return [("task" if titles and n == at else "other") if k == "problem" else k for n, k in enumerate(kinds)]


def _built(columns: list[_ColumnLooks], kinds: list[str | None]) -> None:
    """What is to be built, beside the names of tasks for which units answer: these are the texts, unless money or more
    columns tell that it is a table of projects."""
    if kinds.count("nowork") != 1 or "task" not in kinds or "text" in kinds or "money" in kinds:
        return
    at = kinds.index("nowork")
    names = columns[kinds.index("task")]
    if (
        columns[at].size > _SOMEWHAT_LONGER * names.size
        and names.size < _LONG_WORDS
        and any(k in UNIT_KINDS for k in kinds)
    ):
        kinds[at] = "text"


def _projects(columns: list[_ColumnLooks], kinds: list[str | None]) -> list[str | None]:
    """A column of names of projects is one of tasks where units answer for them, another column tells what is to be
    done, and none tells of building."""
    named: dict[str | None, str] = {"project": "task", "indicator": "section"}
    if not _are_tasks(columns, kinds):
        return ["nowork" if k in named else k for k in kinds]
    if "project" in kinds and kinds.count("task") == 1 and "text" not in kinds:
        at = kinds.index("task")
        if at > kinds.index("project") and columns[at].sentences > _SOME:
            kinds = [*kinds[:at], "text", *kinds[at + 1 :]]  # 目标任务 beside 项目名称
    return [named.get(k, k) for k in kinds]


def _are_tasks(columns: list[_ColumnLooks], kinds: list[str | None]) -> bool:
    """Whether the projects or indicators of a table are work that units answer for."""
    if not any(k in UNIT_KINDS for k in kinds) or ("indicator" in kinds and "text" not in kinds):
        return False
    if kinds.count("nowork") == 1 and "money" not in kinds:
        built = columns[kinds.index("nowork")]
        if "support" in kinds and len({*kinds} & {*UNIT_KINDS}) > 1:
            return True  # where some answer and others support, no money stands beside what is to be built
        if "deadline" in kinds and built.sentences > _MOST:
            return True  # what is to be done is said in sentences, and until when
    return "nowork" not in kinds and any(_tells_work(c, k) for c, k in zip(columns, kinds, strict=True))


def _tells_work(column: _ColumnLooks, kind: str | None) -> bool:
    return kind in ("text", "goal") or (kind in (None, "task") and column.sentences > _SOME)


def _corrected(column: _ColumnLooks) -> str | None:
    """The kind that a heading says, unless the cells say plainly that it is another."""
    kind = column.known
    if column.planned and sum(column.looks[k] for k in ("schedule", "timely", "time")) > _MOST * column.count:
        return "deadline"
    if kind in UNIT_KINDS and column.count:
        if column.looks["person"] >= _NEARLY_ALL * column.count and column.count > 1:
            return "person"
        if column.sentences > _MOST and column.share("units") < _SOME and column.size > _LONG_WORDS / 2:
            return "text"
    if kind in ("task", "text") and column.count > 1 and column.looks["number"] == column.count:
        return "number"
    if kind in ("task", "text", "section") and column.count > 1 and column.share("units") > _ALL_BUT_SLIPS:
        return "task" if column.looks["maybe"] > column.looks["units"] else kind
    return kind


def _by_cells(column: _ColumnLooks, kinds: Sequence[str | None], at: int) -> str | None:
    """The kind that cells alone tell of the column `at`."""
    if not column.count:
        return None
    if column.share("number") >= _NEARLY_ALL:
        return "number" if "number" not in kinds else "other"
    if column.share("units") >= _MOST and column.looks["units"]:
        behind = bool({"task", "text"} & {*kinds[:at]}) and not {*UNIT_KINDS} & {*kinds}
        return "responsible" if behind or not column.names_rows else None
    if column.share("person") >= _MOST:
        return "person"
    if any(column.looks[k] for k in ("time", "schedule", "year")) and column.share("deadline") >= _MOST:
        return "deadline" if "deadline" not in kinds else "other"
    for kind in ("money", "basis"):
        if column.share(kind) >= _MOST:
            return kind
    return None


def _words(columns: list[_ColumnLooks], kinds: list[str | None]) -> None:
    """Finds the column of the work's text, and those of its titles and sections, where no heading says them."""
    if "nowork" in kinds:
        return
    open_ = [n for n, k in enumerate(kinds) if k is None and columns[n].count]
    titled = "task" in kinds
    if "text" in kinds:
        if not titled:
            _title_before(columns, kinds, [n for n in open_ if columns[n].looks["phrase"]])
        return
    chosen = _text_column(columns, kinds, open_)
    if chosen is None:
        return
    kinds[chosen] = "text"
    if not titled:
        for n in _title_before(columns, kinds, [n for n in open_ if n != chosen]):
            kinds[n] = "section"


def _title_before(columns: list[_ColumnLooks], kinds: list[str | None], open_: list[int]) -> list[int]:
    """Takes the last open column before the text for that of titles, or of chapters; returns those before it."""
    at = kinds.index("text")
    before = [n for n in open_ if n < at]
    if before:
        kinds[before[-1]] = "section" if columns[before[-1]].chapters(columns[at]) else "task"
    return before[:-1]


def _text_column(columns: list[_ColumnLooks], kinds: list[str | None], open_: list[int]) -> int | None:
    """The column that tells the work: sentences behind the titles, or goals; without titles the one of most words."""
    tasks = [n for n, k in enumerate(kinds) if k == "task"]
    goals = [n for n, k in enumerate(kinds) if k == "goal" and columns[n].count]
    last = tasks[-1] if tasks else -1
    titles = _are_titles([columns[n] for n in tasks])
    fit = [n for n in open_ if n > last and columns[n].sentences > _SOME and columns[n].size > _TEXT_WORDS]
    fit += [n for n in goals if titles and columns[n].size > _GOAL_WORDS]
    beside = any(columns[n].size > columns[last].size for n in fit if n < last + 2)
    if fit and (titles or beside):
        chosen = max(fit, key=lambda n: (n not in goals, columns[n].size))
        return chosen if not tasks or _is_work_of(columns[chosen], columns[last]) else None
    if tasks or not open_:
        return None
    chosen = max(open_, key=lambda n: columns[n].size)
    return chosen if columns[chosen].size >= _FEWEST_WORDS else None


def _are_titles(tasks: list[_ColumnLooks]) -> bool:
    """Whether what stands under headings of tasks are titles rather than what is to be done; if nothing stands there,
    they may be."""
    if not tasks or max(c.size for c in tasks) < _LONG_WORDS:
        return True
    return not any(c.sentences > _SOME for c in tasks)


def _is_work_of(column: _ColumnLooks, titles: _ColumnLooks) -> bool:
    """Whether a column tells the work that another one gives the titles of."""
    return column.size > titles.size or titles.size < _LONG_WORDS


#: Headings of projects, indicators and results count against a table of tasks.
_AGAINST = 2


def is_work(kinds: Sequence[str | None]) -> bool:
    """Whether columns are those of a table of tasks: some work and someone or some time for it, and no table of
    projects or indicators."""
    have = set(kinds)
    against = sum(k == "nowork" for k in kinds)
    said = bool(have & {"task", "text"}) and bool(have & {*UNIT_KINDS, "deadline"})
    if not said:
        return False
    return against == 0 or (against < _AGAINST and bool(have & set(UNIT_KINDS)))
