"""Records of an invented country: any number of papers of its places, for figures of what comes after reading.

Four levels of government issue papers on several subjects, year after year; each paper cites those above it, mostly in
one sentence, sometimes in several or by title alone. Some are prose and some are tables, 3 % come twice. The `n`th
record is always the same, and does not depend on how many there are.

    python benchmarks/country.py 10000 FOLDER          write their files
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from zhengling.graph.workspace.records import record_name

_FIRST, _SECOND = "东西南北上下新长青白红金银石玉云霁枫樾渚", "溪浦泉桥湾岭原河潭坪塘沙林谷峰川陵墟汀屿"
_SUBJECTS = ["便民服务", "政务公开", "养老服务", "燃气安全", "营商环境", "河湖治理", "食品安全", "校园安全", "粮食储备"]
_SUBJECTS += ["农村厕所改造", "老旧小区改造", "安全生产"]
_YEARS = range(2018, 2026)
_UNITS = [
    "发展改革",
    "财政",
    "教育",
    "民政",
    "司法",
    "住房城乡建设",
    "卫生健康",
    "市场监管",
    "水利",
    "审计",
    "交通运输",
]
_UNITS += ["农业农村", "生态环境", "自然资源", "文化和旅游", "应急管理", "公安", "人力资源社会保障", "统计", "医疗保障"]
_ENDING = {"province": "厅", "city": "局", "county": "局"}
_VERBS = ["完善", "推进", "加强", "规范", "落实", "优化", "公开", "督促", "排查", "建立", "修订", "组织"]
_THINGS = ["工作台账", "责任清单", "巡查制度", "联席会议", "应急预案", "服务窗口", "信息平台", "设施设备", "投诉渠道"]
_THINGS += ["培训计划", "检查标准", "资金拨付", "示范站点", "网格队伍", "评估办法", "档案资料", "宣传活动", "隐患整改"]
_WHERE = [
    "各村（社区）",
    "重点场所",
    "辖区企业",
    "中心敬老院",
    "学校周边",
    "水库库区",
    "农贸市场",
    "老旧小区",
    "办事大厅",
]
_PLACES = {"province": 12, "city": 10, "county": 8}  # places of a place above
_SHORT = {"province": "省", "city": "市", "county": "县"}


@cache
def name(n: int) -> str:
    """The `n`th name of a place."""
    a, b = len(_FIRST), len(_SECOND)
    return _FIRST[n % a] + _SECOND[n // a % b] + (_FIRST[n // (a * b) % a] if n >= a * b else "")


def place(n: int) -> list[tuple[str, str]]:
    """The `n`th place as (level, name) from its province down: every county follows after its city and province."""
    county, city = n, n // _PLACES["county"]
    province = city // _PLACES["city"]
    whole = [("province", f"{name(province)}省"), ("city", f"{name(1000 + city)}市"), ("county", f"{name(county)}县")]
    return whole[: 3 if n % 9 else 2 if n % 90 else 1]


def record(n: int) -> dict[str, Any]:
    """The `n`th record, as JSON has it."""
    chance = random.Random(n)
    if n > 100 and chance.random() < 0.03:
        # A paper that lies in two folders.
        return record(n - 1 - chance.randrange(90)) | {"source": _source(n)}
    each = len(_SUBJECTS) * len(_YEARS)
    at, (subject, year) = n // each, _work(n % each)
    return _Paper(n, place(at), subject, year, chance).made()


def write(numbers: Iterable[int], folder: Path) -> None:
    """The files of these records, as a workspace has them."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in map(record, numbers):
        text = json.dumps(one, ensure_ascii=False, separators=(",", ":"))
        (folder / record_name(one["source"]["path"])).write_text(text + "\n", "utf-8")


def _work(n: int) -> tuple[str, int]:
    return _SUBJECTS[n % len(_SUBJECTS)], _YEARS[n // len(_SUBJECTS)]


def _source(n: int) -> dict[str, Any]:
    path = f"papers/{n % 97:02}/{n:07}.{('txt', 'docx', 'html')[n % 3]}"
    return {"path": path, "sha256": hashlib.sha256(str(n).encode()).hexdigest(), "titles": [], "announces": []}


class _Paper:
    def __init__(self, n: int, where: list[tuple[str, str]], subject: str, year: int, chance: random.Random) -> None:
        self.n, self.where, self.subject, self.year, self.chance = n, where, subject, year, chance
        self.level, self.place = where[-1]
        self.sign = _SHORT[self.level]
        self.table = n % 3 > 0
        self.at = 0  # offset in the source
        self.line = 1

    def made(self) -> dict[str, Any]:
        title, number = self._head(self.level, self.place)
        issuer = title.partition("关于")[0]
        document = {
            "number": number if self.n % 20 else None,
            "title": title,
            "issuer": issuer,
            "date": f"{self.year}-0{1 + self.n % 9}-1{self.n % 9}",
            "level": self.level,
            "region": self.place,
            "year": self.year,
            "deadlines": [],
            "evidence": {"title": [self._proof(title, "title")], "issuer": [self._proof(issuer, "signature")]},
        }
        citations = list(self._citations())
        tasks = [self._task(k) for k in range(1, self.chance.randint(5, 16))]
        for task in tasks:
            if self.chance.random() < 0.1:
                citations.append(self._law(task["id"]))
        return {
            "document": document,
            "citations": citations,
            "tasks": tasks,
            "source": _source(self.n),
            "rules": "",
            "warnings": [],
            "findings": [],
        }

    def _head(self, level: str, place: str) -> tuple[str, str]:
        order = _SUBJECTS.index(self.subject) + 1
        kind = ("工作要点", "实施方案", "任务分解表")[order % 3]
        if level == "national":
            return f"国务院办公厅关于印发{self.year}年{self.subject}{kind}的通知", f"国办发〔{self.year}〕{order}号"
        office = "办公厅" if level == "province" else "办公室"
        title = f"{place}人民政府{office}关于印发{place}{self.year}年{self.subject}{kind}的通知"
        return title, f"{place[:-1]}政办〔{self.year}〕{order}号"

    def _proof(self, words: str, rule: str, row: int = 0) -> dict[str, Any]:
        start, self.at, self.line = self.at, self.at + len(words) + 3, self.line + 1
        spot = {"table": 1, "row": row + 1, "column": 3} if row and self.table else {"line": self.line}
        return {"start": start, "end": start + len(words), "quote": words, "rule": rule, "place": spot}

    def _citations(self) -> Iterator[dict[str, Any]]:
        above = [("national", "中国"), *self.where[:-1]]
        apart = self.chance.random() < 0.2  # a sentence for each
        for n, (level, place) in enumerate(reversed(above)):
            title, number = self._head(level, place)
            if self.chance.random() < 0.1:
                number = None
            yield self._cite("document", title, number, "directive", "basis", 2 + n * apart)

    def _law(self, task: str) -> dict[str, Any]:
        title = self.chance.choice(["安全生产法", "食品安全法", "政府信息公开条例", "养老机构管理办法", "河道管理条例"])
        kind = "law" if title.endswith("法") and "办法" not in title else "regulation"
        return self._cite(task, title, None, kind, self.chance.choice(["basis", "mention"]), 40)

    def _cite(self, within: str, title: str, number: str | None, kind: str, role: str, sentence: int) -> dict[str, Any]:
        words = f"《{title}》" + (f"（{number}）" if number else "")
        return {
            "in": within,
            "number": number,
            "title": title,
            "kind": kind,
            "role": role,
            "sentence": sentence,
            "evidence": [self._proof(words, "citation.marks")],
        }

    def _task(self, k: int) -> dict[str, Any]:
        chance = self.chance
        text = "".join(self._clause() for _ in range(chance.randint(1, 4)))[:-1] + "。"
        section = [f"{'一二三四五'[k // 4]}、{_VERBS[(self.n + k // 4) % len(_VERBS)]}{self.subject}"]
        title = f"{k}.{chance.choice(_VERBS)}{chance.choice(_THINGS)}" if chance.random() < 0.6 else None
        lead, *others = chance.sample(_UNITS, chance.randint(1, 4))
        roles = ["lead" if others else "responsible", *("support" for _ in others)]
        units = [self._unit(*pair, k) for pair in zip(roles, [lead, *others], strict=True)]
        if chance.random() < 0.15:
            name_ = {"county": "各乡镇人民政府", "city": "各县（市、区）人民政府", "province": "各市人民政府"}[
                self.level
            ]
            evidence = [self._proof(name_, "units.column", k)]
            units.append({"role": "responsible", "name": name_, "collective": True, "evidence": evidence})
        return {
            "id": f"T{k:02}",
            "section": section,
            "title": title,
            "text": text,
            "starts": text[:16],
            "ends": text[-10:],
            "part_of": f"T{k - 1:02}" if k > 1 and k % 7 == 0 else None,
            "units": units,
            "open": chance.random() < 0.2,
            "deadlines": self._limits(k),
            "evidence": [self._proof(text, "tasks.row" if self.table else "tasks.clause", k)],
            "key": "",
        }

    def _clause(self) -> str:
        chance = self.chance
        number = chance.randint(2, 400)
        what = f"{chance.choice(_VERBS)}{chance.choice(_WHERE)}{self.subject}{chance.choice(_THINGS)}"
        return what + chance.choice([f"，覆盖{number}处点位；", f"不少于{number}次；", f"，完成{number}户；", "；"])

    def _unit(self, role: str, field: str, k: int) -> dict[str, Any]:
        words = f"{self.sign}{field}{_ENDING[self.level]}"
        return {"role": role, "name": words, "evidence": [self._proof(words, "units.column", k)]}

    def _limits(self, k: int) -> list[dict[str, Any]]:
        drawn = self.chance.random()
        if drawn < 0.25:
            return []
        if drawn < 0.4:
            return [
                {"text": "长期坚持", "kind": "ongoing", "start": None, "end": None}
                | {"evidence": [self._proof("长期坚持", "deadlines.column", k)]}
            ]
        month, day = self.chance.choice([(3, 31), (6, 30), (9, 30), (10, 31), (12, 31)])
        words = f"{self.year}年{month}月底前"
        return [
            {"text": words, "kind": "date", "start": None, "end": f"{self.year}-{month:02}-{day}"}
            | {"evidence": [self._proof(words, "deadlines.column", k)]}
        ]


if __name__ == "__main__":
    write(range(int(sys.argv[1])), Path(sys.argv[2]))
