"""The facts of real papers, from their gold and text: what stands in for an invented plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .model import Chapter, Citation, Item, Limit, Plan, Sentence, Unit

_LONGEST = 1200
#: An assignment, the next clause, an attachment: the text of a task ends before them.
_HOLDS_MORE = re.compile(r"[|\t（(][^）)]{0,8}(?:责任|牵头|配合)|[。；][（(]?[一二三四五六七八九十]+[、）)]|附件[:：]")
#: What numbers a title: our own papers number theirs anew.
_NUMBER = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[、）)．.]+|任务[一二三四五六七八九十]+[:：]|\d+)+")
_PREFIXES = {"province": "省", "city": "市", "county": "县", "township": "镇", "national": ""}


def plans(shared: Path) -> list[Plan]:
    """A plan for each paper of `shared/corpus` and `shared/dev` that there is as plain text."""
    known = (shared / "corpus", shared / "gold"), (shared / "dev/papers", shared / "dev/gold")
    return [plan for papers, gold in known for plan in plans_of(papers, gold).values()]


def plans_of(papers: Path, gold: Path) -> dict[str, Plan]:
    """Name → plan, for each paper of a folder that there is as plain text and that has gold."""
    out = {}
    for path in sorted(papers.glob("*.txt")):
        if not (gold / f"{path.stem}.json").exists():
            continue
        right = json.loads((gold / f"{path.stem}.json").read_text("utf-8"))
        chapters = tuple(_chapters(right, re.sub(r"\s+", "", path.read_text("utf-8"))))
        if chapters:
            out[path.stem] = _plan(right["document"], chapters)
    return out


def _plan(document: dict[str, Any], chapters: tuple[Chapter, ...]) -> Plan:
    """The paper's facts under a cover of our own: what the document is called is no fact of the tasks."""
    year, level = document["year"] or 2024, document["level"] or "county"
    region = {"province": "霁川省", "city": "霁川市", "county": "霁川县", "township": "霁川镇", "national": ""}[level]
    issuer = "国务院办公厅" if level == "national" else f"{region}人民政府"
    name = f"{region or '全国'}{year}年重点工作任务分工方案"
    return Plan(
        level=level,
        region=region,
        prefix=_PREFIXES[level],
        issuer=issuer,
        addressees="各有关单位：",
        name=name,
        notice=f"{issuer}关于印发{name}的通知",
        number=f"{'国办发' if level == 'national' else '霁政办发'}〔{year}〕7号",
        date=f"{year}-03-05",
        day=f"{year}年3月5日",
        year=year,
        subject="重点",
        opening=(Sentence("为做好全年重点工作，结合实际，制定本方案。"),),
        chapters=chapters,
        real=True,
    )


def _chapters(right: dict[str, Any], text: str) -> Iterator[Chapter]:
    """Tasks under their outermost heading; one whose text is not found whole is left out."""
    heading, items = "", []
    for task in right["tasks"]:
        item = _item(task, right["citations"], text)
        if item is None:
            continue
        above = (
            re.sub(r"^[（(]?[一二三四五六七八九十]+[、）)．.]", "", task["section"][0])
            if task["section"]
            else "重点任务"
        )
        if items and above != heading:
            yield Chapter(heading, tuple(items))
            items = []
        heading = above
        items.append(item)
    if items:
        yield Chapter(heading, tuple(items))


def _item(task: dict[str, Any], citations: list[dict[str, Any]], text: str) -> Item | None:
    start = text.find(task["starts"])
    end = text.find(task["ends"], max(start, start + len(task["starts"]) - 10))
    title = _NUMBER.sub("", task["title"] or "")
    if start < 0 or end < 0 or end - start > _LONGEST or not title or not task["units"]:
        return None
    body = text[start : end + len(task["ends"])]
    cited = [Citation(c["number"], c["title"], c["kind"], c["role"]) for c in citations if c["in"] == task["id"]]
    if body.count("《") != len(cited) or _HOLDS_MORE.search(body):
        return None
    limits = [Limit(d["text"], d["kind"], d["start"], d["end"]) for d in task["deadlines"]]
    inside = tuple(d for d in limits if d.text in body)
    beside = [d for d in limits if d.text not in body]
    # A limit of no year stands in a paper that tells none; ours tell one.
    if len(beside) > 1 or any(d.kind == "date" and d.end is None for d in limits):
        return None
    units = tuple(Unit(u["role"], u["name"], bool(u.get("collective"))) for u in task["units"])
    order = {"lead": 0, "responsible": 1, "support": 2}
    return Item(
        title.rstrip("。"),
        (Sentence(body, inside, tuple(cited)),),
        tuple(sorted((replace(u, name=u.name) for u in units), key=lambda u: order[u.role])),
        bool(task["open"]) and len({u.role for u in units}) == 1,
        beside[0] if beside else None,
    )
