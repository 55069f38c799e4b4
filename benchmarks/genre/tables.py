"""Tables of tasks: rows, what is merged, what stands between them; and the gold of each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .assign import bracketed, by_role, first_leads, in_labels, in_words, plain_roles, tail
from .columns import BLANK_IS_BORDER, LINES, LOSING, REAL, TIGHT, UNITS, WRAPPED, Column, Shape, shape
from .model import Citation, Draw, Gold, Item, Limit, Plan, Unit
from .plans import chinese, person


@dataclass(frozen=True)
class Cell:
    """`covered`: the cell is part of a merged one above."""

    text: str
    covered: bool = False


@dataclass
class Table:
    """Rows of as many cells as columns; a row of one cell goes over the whole width."""

    columns: Sequence[Column]
    form: str
    rows: list[list[Cell]] = field(default_factory=list)
    headed: bool = True
    #: A row above the headings, over the whole width.
    title: str = ""

    @property
    def head(self) -> list[list[Cell]]:
        """The rows of headings: two where columns are grouped."""
        lower = [Cell(c.heading) for c in self.columns]
        above = [[Cell(self.title)]] if self.title else []
        if not any(c.over for c in self.columns):
            return [*above, lower]
        upper = [Cell(c.over or c.heading) for c in self.columns]
        return [*above, upper, [Cell(c.text, not k.over) for c, k in zip(lower, self.columns, strict=True)]]


def tables(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """The plan's items in a table, or in one for each chapter under its heading; their tasks are added to the gold."""
    drawn = shape(draw, plan.items)
    writer = _Writer(draw, plan, gold, drawn)
    out: list[str | Table] = []
    if drawn.style == "first leads, said above":
        out.append(draw.choice(["（表中列第一位的单位为牵头单位）", "说明：责任单位中列首位的为牵头单位。"]))
    if drawn.sections != "a table each":
        return [*out, writer.table(list(range(len(plan.chapters))))]
    for n in range(len(plan.chapters)):
        out += [writer.heading(n), writer.table([n])]
    return out


class _Writer:
    def __init__(self, draw: Draw, plan: Plan, gold: Gold, drawn: Shape) -> None:
        self.draw, self.plan, self.gold, self.drawn = draw, plan, gold, drawn
        form = drawn.form
        clear = form not in TIGHT | {"markdown"} and _clear_without_headings(drawn)
        self.headed = draw.pick("headings", {"there": 6.0} | ({"none": 2.0} if clear else {})) == "there"
        self.spaced = self.headed and form not in BLANK_IS_BORDER | TIGHT and draw.flag("blanks in headings", 0.1)
        self.broken = self.headed and form in LINES and draw.flag("headings over two lines", 0.15)
        self.year = self.headed and drawn.timed and draw.flag("year in the heading of limits", 0.1)
        self.merge = _merge(draw, form, drawn)
        self.numbering = _Numbering(draw, drawn)
        self.separator = _separator(draw, form)
        self.bullets = form not in TIGHT and draw.flag("bullets before units", 0.08)
        self.sparse = drawn.timed and "grouped" not in drawn.order and draw.flag("limits of some rows alone", 0.2)
        self.apart = form in LINES and draw.flag("paragraphs in cells", 0.2)
        self.cited = plan.opening[0].citations[:1]

    def empty(self) -> str:
        """What a cell holds where there is nothing to say: an empty one in text could be part of the one above."""
        blank = {"": 2.0} if self.drawn.form in REAL else {}
        return self.draw.pick("empty cells", {"/": 0.7, "—": 0.5, "无": 0.5} | blank)

    def heading(self, n: int) -> str:
        return self.numbering.section(n) + self.plan.chapters[n].heading

    def table(self, chapters: list[int]) -> Table:
        columns = self.drawn.columns
        if self.spaced:
            columns = [
                replace(c, heading=f"{c.heading[:2]} {c.heading[2:]}" if len(c.heading) == 4 else c.heading)
                for c in columns
            ]
        if self.broken:
            columns = [replace(c, heading=f"{c.heading[:2]}\n{c.heading[2:]}".strip()) for c in columns]
        if self.year:
            said = f"（{self.plan.year}年）"
            columns = [replace(c, heading=c.heading + said) if c.kind == "deadline" else c for c in columns]
        out = Table(columns, self.drawn.form, headed=self.headed)
        if self.drawn.form in REAL | {"csv", "tabs"} and 0 in chapters:
            out.title = self.plan.name if self.draw.flag("title in the table", 0.15) else ""
        for n in chapters:
            self._chapter(out, n)
        self._between(out)
        return out

    def _chapter(self, out: Table, n: int) -> None:
        if self.drawn.sections == "band":
            out.rows.append([Cell(self.heading(n))])
        self.numbering.chapter()
        title = units_above = None
        for k, item in enumerate(self.plan.chapters[n].items):
            if self.drawn.style.startswith("first leads"):
                item = first_leads(item)
            if self.sparse and self.draw.below(0.4):
                item = replace(item, limit=None)
            same_title = k > 0 and self.drawn.titles == "column" and self.draw.below(0.25)
            if not same_title:
                title = self.numbering.title() + item.heading
            same_units = k > 0 and self._same("unit", lambda: self._units_merged() and self.draw.below(0.4))
            if same_units and units_above is not None:
                item = replace(item, units=units_above.units, open=units_above.open)
            else:
                units_above, same_units = item, False
            covered = {"section": k > 0, "title": same_title} | dict.fromkeys([*UNITS, "units"], same_units)
            if self.drawn.order == "grouped by limit":
                item = replace(item, limit=self.plan.chapters[n].items[0].limit)
                covered["deadline"] = k > 0
            row = _Row(self, item, title or "", self.heading(n))
            out.rows.append([self._cell(row, c.kind, covered.get(c.kind, False)) for c in self.drawn.columns])
            row.gold()

    def _same(self, what: str, drawn: Callable[[], bool]) -> bool:
        """Whether a row has the units of the one above."""
        return True if self.drawn.order == f"grouped by {what}" else drawn()

    def _units_merged(self) -> bool:
        # Where cells are lost, a number tells that a text without units is a row and no paragraph.
        clear = self.drawn.form not in LOSING or any(c.kind == "number" for c in self.drawn.columns)
        return clear and self.merge in ("kept", "dropped") and self.draw.flag("merged units", 0.2)

    def _cell(self, row: _Row, kind: str, covered: bool) -> Cell:
        return Cell(row.cell(kind), covered and self.merge != "repeated")

    def _between(self, out: Table) -> None:
        """Headings repeated, notes, totals."""
        draw, form = self.draw, self.drawn.form
        if form in TIGHT:
            return
        if out.headed and len(out.rows) > 4 and draw.flag("heading repeated", 0.12):
            cut = next((n for n in range(3, len(out.rows)) if not any(c.covered for c in out.rows[n])), None)
            if cut:
                out.rows[cut:cut] = out.head[bool(out.title) :]
        if draw.flag("note behind the table", 0.12):
            notes = ["注：本表由办公室负责解释。", "注：未尽事宜按有关规定办理。", "说明：表中时间为最后期限。"]
            out.rows.append([Cell(draw.choice(notes))])
        if any(c.kind == "money" for c in out.columns) and draw.flag("row of totals", 0.4):
            cells = [
                Cell("合计" if n == 0 else "12000" if c.kind == "money" else "") for n, c in enumerate(out.columns)
            ]
            out.rows.append(cells)


def _clear_without_headings(drawn: Shape) -> bool:
    """Whether the cells alone tell what the columns are: two columns of units or two of words do not."""
    kinds = [c.kind for c in drawn.columns]
    told = not {"lead", "support", "goal", "progress", "remark"} & set(kinds)
    return told and not drawn.style.startswith("first leads")


def _merge(draw: Draw, form: str, drawn: Shape) -> str:
    if not {"section", "title"} & {c.kind for c in drawn.columns} and "grouped" not in drawn.order:
        return "none"
    options = {"kept": 1.0, "repeated": 0.7}
    if form in LOSING:
        options = {"dropped": 1.0, "repeated": 0.6}
    elif form in ("bars", "bars outside"):
        options = {"dropped": 1.0, "kept": 0.7, "repeated": 0.5}
    return draw.pick("merged cells", options)


def _separator(draw: Draw, form: str) -> str:
    options = {"、": 6.0, "，": 0.6, "；": 0.4}
    if form not in BLANK_IS_BORDER | TIGHT:
        options["blank"] = 0.5
    if form in LINES:
        options["line end"] = 8.0 if "lines" in form else 1.5
    return {"blank": " ", "line end": "\n"}.get(name := draw.pick("units apart by", options), name)


class _Numbering:
    """How sections, titles and rows are numbered; running numbers start anew in each section or do not."""

    def __init__(self, draw: Draw, drawn: Shape) -> None:
        plain = {} if drawn.form in TIGHT | WRAPPED else {"none": 0.6}
        self.sections = draw.pick("numbers of sections", {"一、": 3, "（一）": 0.4, "第一部分": 0.2} | plain)
        self.titles = "none"
        if drawn.titles == "column":
            self.titles = draw.pick("numbers of titles", {"none": 1.0, "（一）": 1.0, "1.": 0.8, "1、": 0.5})
        elif drawn.titles == "numbered in the text":
            self.titles = draw.pick("numbers of titles", {"（一）": 1.0, "1.": 1.0, "1、": 0.6})
        self.anew = draw.below(0.3)
        self.title_count = self.row_count = 0

    def section(self, n: int) -> str:
        word = chinese(n + 1)
        return {"一、": f"{word}、", "（一）": f"（{word}）", "第一部分": f"第{word}部分 ", "none": ""}[self.sections]

    def chapter(self) -> None:
        if self.anew:
            self.title_count = self.row_count = 0

    def title(self) -> str:
        self.title_count += 1
        n = self.title_count
        return {"none": "", "（一）": f"（{chinese(n)}）", "1.": f"{n}.", "1、": f"{n}、"}[self.titles]

    def row(self) -> str:
        self.row_count += 1
        return str(self.row_count)


class _Row:
    """One item as a row."""

    def __init__(self, writer: _Writer, item: Item, title: str, section: str) -> None:
        self.writer, self.draw, self.item, self.drawn = writer, writer.draw, item, writer.drawn
        self.section = section
        self.number = writer.numbering.row()
        self.title = "" if self.drawn.titles == "none" else title

    def cell(self, kind: str) -> str:
        if kind in UNITS:
            units = by_role(self.item).get(kind, [])
            return self._list(units) + tail(self.draw, self.item, kind) if units else self.writer.empty()
        if kind == "deadline":
            return self.item.limit.text if self.item.limit else self.writer.empty()
        own = {
            "number": lambda: self.number,
            "section": lambda: self.section,
            "title": lambda: self.title,
            "text": self._text,
            "units": self._units,
            "basis": self._basis,
        }
        if kind == "remark":
            blank = [] if self.drawn.form in LOSING else ["", ""]
            return self.draw.choice([*blank, "新增", "续建项目", "民生实事"])
        return own[kind]() if kind in own else _other(self.draw, kind)

    def _list(self, units: Sequence[Unit]) -> str:
        bullet = "●" if self.writer.bullets else ""
        return self.writer.separator.join(bullet + (u.short or u.name) for u in units)

    def _text(self) -> str:
        text = ("\n" if self.writer.apart else "").join(s.text for s in self.item.body)
        if self.drawn.titles == "numbered in the text":
            text = f"{self.title}。{text}"
        if self.drawn.style == "in brackets in the text":
            text += bracketed(self.draw, self.item)
        return text

    def _units(self) -> str:
        if self.drawn.style == "words in one column" and not plain_roles(self.item):
            return in_words(self.draw, self.item)
        if self.drawn.style == "labels in one column" and not plain_roles(self.item):
            return in_labels(self.draw, self.item, "；")
        if self.drawn.style == "with a person":
            form = self.draw.pick("person beside the unit", {"blank": 1, "brackets": 1})
            left, right = ("（", "）") if form == "brackets" else (" ", "")
            return self._list(self.item.units[:1]) + left + person(self.draw) + right
        return self._list(self.item.units) + (tail(self.draw, self.item, self.item.units[-1].role))

    def _basis(self) -> str:
        if not self.writer.cited:
            return f"《{self.writer.plan.year - 1}年重点工作安排》"
        paper = self.writer.cited[0]
        return f"《{paper.title}》" + (f"（{paper.number}）" if paper.number else "")

    def gold(self) -> None:
        item = self.item
        limits: list[Limit] = list(item.limits)
        if self.drawn.timed and item.limit:
            limits.append(item.limit)
        citations = list(item.citations)
        if any(c.kind == "basis" for c in self.drawn.columns):
            own = Citation(None, f"{self.writer.plan.year - 1}年重点工作安排", "directive", "basis")
            citations.append(replace(self.writer.cited[0], role="basis") if self.writer.cited else own)
        if self.drawn.style == "with a person":
            item = replace(item, units=item.units[:1], open=False)
        self.writer.gold.task(
            item,
            section=[] if self.drawn.sections == "none" else [self.section],
            title=self.title or None,
            limits=limits,
            citations=citations,
        )


def _other(draw: Draw, kind: str) -> str:
    """What a column holds that is no fact."""
    return {
        "person": lambda: person(draw),
        "phone": lambda: f"0999-{draw.number(2000000, 8999999)}",
        "money": lambda: str(draw.number(2, 900) * 10),
        "goal": lambda: draw.choice(["完成率100%", "覆盖率达到95%以上", "全面达标", "群众满意度明显提高"]),
        "progress": lambda: draw.choice(["已完成前期准备。", "正在有序推进。", "已完成总量的六成。", "基本完成。"]),
    }[kind]()
