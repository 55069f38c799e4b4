"""Plans in chapters and clauses: numbers, headings, where assignments and limits stand; and the gold of the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .assign import bracketed, by_role, first_leads, in_labels, in_words, labels, listed, plain_roles, tail
from .model import Draw, Gold, Item, Limit, Plan, Sentence, Unit
from .plans import chinese, person

MARKS = ["一是", "二是", "三是", "四是", "五是", "六是", "七是"]
#: Where a limit beside the text may stand.
WRITTEN = ("in the bracket", "label line", "in the sentence")
NUMBERS = {
    "（一）": 3.0,
    "1.": 2.0,
    "1、": 0.8,
    "1．": 0.5,
    "（1）": 0.3,
    "running 1.": 0.8,
    "running （一）": 0.5,
    "none": 0.4,
    "1)": 0.3,
    "①": 0.3,
    "第一条": 0.25,
}


def number(style: str, n: int) -> str:
    word = chinese(n)
    forms = {"（一）": f"（{word}）", "1.": f"{n}.", "1、": f"{n}、", "1．": f"{n}．", "（1）": f"（{n}）", "none": ""}
    forms |= {"1)": f"{n})", "①": chr(0x245F + n), "第一条": f"第{word}条 "}
    return forms[style.removeprefix("running ")]


def prose(draw: Draw, plan: Plan, gold: Gold, markdown: bool = False) -> list[str]:
    """The paragraphs of the plan's chapters, with the marks of Markdown or not; their tasks are added to the gold."""
    return _Prose(draw, plan, gold, markdown).write()


def _closing(draw: Draw, item: Item, limit: str) -> str:
    """A sentence that assigns and does nothing else."""
    words = in_words(draw, item).replace("按职责分工负责", "负责")
    if limit:
        words += f"，{limit}完成" if limit.endswith(("前", "日", "月")) else f"，完成时限为{limit}"
        return f"由{words}。"
    if not plain_roles(item) and draw.pick("closing sentence", {"由…牵头": 2, "…为牵头单位": 0.7}) != "由…牵头":
        named = {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位"}
        return "，".join(f"{listed(u)}{tail(draw, item, r)}为{named[r]}" for r, u in by_role(item).items()) + "。"
    return f"由{words}。"


class _Prose:
    def __init__(self, draw: Draw, plan: Plan, gold: Gold, markdown: bool) -> None:
        self.draw, self.plan, self.gold = draw, plan, gold
        self.marked = markdown and draw.flag("headings marked", 0.7)
        self.first_task, self.count = True, 0
        self.assigned = draw.pick("assignments", self._ways())
        self.headings = draw.pick("clauses", self._forms())
        numbers = dict(NUMBERS)
        if self.assigned != "bracket" or self.headings != "no headings":
            del numbers["none"]
        self.numbers = draw.pick("numbers of clauses", numbers)
        self.chapters = draw.pick(
            "numbers of chapters", {"一、": 5, "第一章": 0.3, "一．": 0.2, "led by a person": 0.25}
        )
        self.limits = self._limits()
        self.group: Unit | None = None
        if self.assigned == "bracket" and draw.flag("collective said once", 0.12):
            self.group = self._collective()

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def _ways(self) -> dict[str, float]:
        ways = {"bracket": 4.0, "label lines": 1.5, "label line": 1.0, "closing sentence": 0.7, "none": 0.4}
        ways |= {"label in the line": 0.5, "bracket on its own line": 0.5, "for all above": 0.3}
        ways |= {"bracket behind the heading": 0.5, "bracket in front": 0.3, "at the chapter": 0.4}
        if all(plain_roles(i) for i in self.plan.items):
            ways |= {"first leads, said once": 0.6, "unit headings": 0.5, "unit and colon": 0.5}
        if all(len(i.body) > 1 for i in self.plan.items):
            ways["stretches"] = 0.4
        return ways

    def _forms(self) -> dict[str, float]:
        if self.assigned in ("unit headings", "unit and colon", "for all above"):
            return {"no headings": 1.0}
        if self.assigned == "bracket in front":
            return {"no headings": 1.0}
        if self.assigned == "stretches":
            return {"heading and stop": 1.0}
        if self.assigned == "bracket behind the heading":
            return {"heading and stop": 1.0, "heading on its own line": 1.0}
        forms = {"heading and stop": 3.0, "heading and colon": 0.5, "heading on its own line": 1.0, "no headings": 2.0}
        if all(len(i.body) > 1 for i in self.plan.items):
            forms["一是 inside"] = 0.7
        if self.assigned in ("bracket", "label lines", "label line") and all(
            len(c.items) > 1 for c in self.plan.chapters
        ):
            forms |= {"heading over items": 0.7, "lead-in and items": 0.7}
        return forms

    def _limits(self) -> str:
        if not any(i.limit for i in self.plan.items):
            return "none"
        line = {"label line": 1.0}
        where = {"bracket": {"in the bracket": 1.0}, "label lines": line, "label line": line}
        where["closing sentence"] = {"in the sentence": 0.7}
        return self.draw.pick("limits stand", where.get(self.assigned, {}) | {"left out": 0.7})

    def _collective(self) -> Unit | None:
        groups = {"province": "各市人民政府", "city": "各县区", "county": "各乡镇人民政府", "township": "各村（社区）"}
        name = groups.get(self.plan.level)
        if name is None or any(u.collective for i in self.plan.items for u in i.units):
            self.draw.features.discard("collective said once")
            return None
        return Unit(self.draw.choice(["support", "responsible"]), name, True)

    # --- chapters ----------------------------------------------------------------------------------------------------

    def write(self) -> list[str]:
        out = []
        first = 0
        if self.draw.flag("chapter of aims", 0.3):
            out += self._aims()
            first = 1
        if self.assigned == "unit headings":
            return out + self._duties(first)
        if self.assigned == "unit and colon":
            return out + self._duties_behind_colons(first)
        for n, chapter in enumerate(self.plan.chapters, first):
            heading = self._chapter(n, chapter.heading)
            said = ""
            if self.assigned == "at the chapter":
                said = bracketed(self.draw, chapter.items[0])
            out.append("## " * self.marked + heading + said)
            if not self.numbers.startswith("running"):
                self.count = 0
            out += self._clauses(chapter.items, heading)
        return out

    def _chapter(self, n: int, heading: str) -> str:
        word = chinese(n + 1)
        if self.chapters == "led by a person":
            return f"{word}、{person(self.draw, secret=False)}{self.draw.choice(['副职', '同志'])}牵头重点工作"
        return {"一、": f"{word}、", "第一章": f"第{word}章 ", "一．": f"{word}．"}[self.chapters] + heading

    def _number(self) -> str:
        self.count += 1
        return number(self.numbers, self.count)

    def _aims(self) -> list[str]:
        year = self.plan.year
        mark = {"一．": "一．", "第一章": "第一章 "}.get(self.chapters, "一、")
        heading = mark + self.draw.choice(["工作目标", "总体要求", "总体目标"])
        limit = Limit(f"到{year}年底", "date", None, f"{year}-12-31")
        self.gold.document["deadlines"].append(limit.gold())
        aims = f"坚持以人民为中心，到{year}年底，{self.plan.subject}各项指标全面完成，群众满意度持续提升。"
        return [heading, aims]

    # --- clauses -----------------------------------------------------------------------------------------------------

    def _clauses(self, items: Sequence[Item], chapter: str) -> list[str]:
        if self.headings in ("heading over items", "lead-in and items") and len(items) > 1:
            return self._items(items, chapter)
        if self.assigned == "at the chapter":
            first = items[0]
            items = [replace(i, units=first.units, open=first.open) for i in items]
        if self.assigned == "for all above":
            return self._for_all(items, chapter)
        return [line for item in items for line in self._clause(item, [chapter])]

    def _clause(self, item: Item, above: list[str]) -> list[str]:
        marks = self.headings == "一是 inside"
        if marks:
            item = replace(item, body=item.body[: len(MARKS)])
        label, text = (
            self._number(),
            "".join(m + s.text for m, s in zip(MARKS if marks else [""] * len(item.body), item.body, strict=False)),
        )
        if self.assigned == "stretches":
            return self._stretches(item, label, above)
        title: str | None = label + item.heading
        if self.assigned == "bracket in front":
            title, out = None, [label + bracketed(self.draw, item) + text]
        elif self.assigned == "bracket behind the heading":
            behind = bracketed(self.draw, item)
            out = [f"{label}{item.heading}。{behind}{text}"]
            if self.headings == "heading on its own line":
                out = [label + item.heading + behind, text]
        elif self.headings == "no headings":
            title, out = None, [label + text]
        elif self.headings == "heading on its own line":
            out = [label + item.heading, text]
        else:
            out = [f"{label}{item.heading}{'：' if self.headings == 'heading and colon' else '。'}{text}"]
        item, words = self._assignment(item)
        limits = list(item.limits)
        if item.limit and self.limits in WRITTEN:
            limits.append(item.limit)
        for word in words:
            if word.startswith("\n"):
                out.append(word[1:])
            else:
                out[-1] += word
        self.gold.task(item, section=above, title=title, text=text, limits=limits)
        self.first_task = False
        return out

    def _assignment(self, item: Item) -> tuple[Item, list[str]]:
        """The item as it is then assigned, and the words: one that begins with a line end stands on its own line."""
        style, draw = self.assigned, self.draw
        limit = item.limit.text if item.limit and self.limits in WRITTEN else ""
        if style == "none":
            return replace(item, units=(), open=False), []
        if style in ("bracket in front", "bracket behind the heading", "at the chapter"):
            return item, []
        if style == "first leads, said once":
            rule = (
                draw.choice(["。列第一位的为牵头单位，下同", "，列首位的为牵头单位，下同"]) if self.first_task else ""
            )
            named = listed(item.units) + tail(draw, item, item.units[-1].role)
            return first_leads(item), [f"（责任单位：{named}{rule}）"]
        if style in ("bracket", "bracket on its own line"):
            return self._said_once(item, ("\n" if style != "bracket" else "") + bracketed(draw, item, limit))
        word = draw.pick("label of the limit", {"完成时限": 2, "时间节点": 1, "完成时间": 1}) if limit else ""
        timed = [f"\n{word}：{limit}"] if limit else []
        if style == "label lines":
            words = labels(draw)
            lines = [f"\n{words[r]}：{listed(u)}{tail(draw, item, r)}" for r, u in by_role(item).items()]
            return item, lines + timed
        if style == "label line":
            apart = draw.pick("labels apart by", {"blank": 1, "；": 1}).replace("blank", " ")
            return item, ["\n" + in_labels(draw, item, apart), *timed]
        if style == "label in the line":
            return item, [in_labels(draw, item, "；") + "。"]
        return item, [_closing(draw, item, limit)]

    def _said_once(self, item: Item, bracket: str) -> tuple[Item, list[str]]:
        """A collective that the first bracket adds to all."""
        if self.group is None:
            return item, [bracket]
        if self.first_task:
            verb = "配合落实" if self.group.role == "support" else "落实"
            rule = f"以下均需{self.group.name}{verb}，不再列出"
            stop = bracket[-1]
            bracket = f"{bracket[:-1]}。{rule}{stop}"
        return replace(item, units=(*item.units, self.group)), [bracket]

    def _stretches(self, item: Item, label: str, above: list[str]) -> list[str]:
        """一是…（…）二是…（…）: each a task under the clause's title."""
        title = label + item.heading
        out = f"{title}。"
        for mark, sentence in zip(MARKS, item.body, strict=False):
            part = replace(item, body=(sentence,), limit=None)
            out += f"{mark}{sentence.text}{bracketed(self.draw, part)}"
            self.gold.task(part, section=above, title=title, text=mark + sentence.text)
        return [out]

    def _items(self, items: Sequence[Item], chapter: str) -> list[str]:
        """（一）heading, then numbered items: each a task under it; with a lead-in, the clause is one, too."""
        self.count += 1
        heading = number("（一）", self.count) + items[0].heading
        lead = Sentence("")
        if self.headings == "lead-in and items":
            lead = items[0].body[0]
            out = [f"{heading}。{lead.text}"]
            alone = replace(items[0], body=(lead,), units=(), open=False, limit=None)
            self.gold.task(alone, section=[chapter], title=heading)
        else:
            out = [heading]
        for n, item in enumerate(items[1:], 1):
            item, words = self._assignment(item)
            # A limit of the lead-in holds for each item.
            limits = [*lead.limits, *item.limits]
            if item.limit and self.limits in WRITTEN:
                limits.append(item.limit)
            out.append(f"{n}.{item.text}")
            for word in words:
                if word.startswith("\n"):
                    out.append(word[1:])
                else:
                    out[-1] += word
            self.gold.task(item, section=[chapter, heading], title=None, limits=limits)
            self.first_task = False
        return out

    def _for_all(self, items: Sequence[Item], chapter: str) -> list[str]:
        """Clauses without assignments, and a sentence that assigns them all."""
        out, shared = [], items[0]
        for item in items:
            item = replace(item, units=shared.units, open=shared.open)
            out.append(self._number() + item.text)
            self.gold.task(item, section=[chapter], title=None)
        said = in_words(self.draw, shared).replace("按职责分工负责", "负责")
        out.append(f"上述工作由{said}。")
        return out

    # --- duties under the names of units -----------------------------------------------------------------------------

    def _own(self) -> list[Item]:
        """One item for each first unit."""
        return list({i.units[0].name: i for i in reversed(self.plan.items)}.values())[::-1]

    def _duties(self, n: int) -> list[str]:
        """A chapter of duties: （一）unit, then what it does, numbered. The unit is a heading of the items."""
        chapter = f"{chinese(n + 1)}、" + self.draw.choice(["职责分工", "部门职责", "工作职责", "责任分工"])
        out = [chapter]
        for k, item in enumerate(self._own(), 1):
            unit = item.units[0]
            heading = f"（{chinese(k)}）{unit.name}"
            out.append(heading)
            for m, sentence in enumerate(item.body, 1):
                out.append(f"{m}.{sentence.text}")
                part = replace(item, body=(sentence,), units=(unit,), open=False)
                self.gold.task(part, section=[chapter, heading], title=None)
        return out

    def _duties_behind_colons(self, n: int) -> list[str]:
        """1.unit：负责…: the unit is the title of the one text behind it."""
        chapter = f"{chinese(n + 1)}、" + self.draw.choice(["职责分工", "部门职责", "工作职责", "责任分工"])
        out = [chapter]
        for k, item in enumerate(self._own(), 1):
            unit = item.units[0]
            title = number(self.numbers, k) + unit.name
            out.append(f"{title}：负责{item.text}")
            part = replace(item, units=(unit,), open=False)
            self.gold.task(part, section=[chapter], title=title, text=f"负责{item.text}")
        return out
