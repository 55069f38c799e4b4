"""Invented plans: places, units, work, limits and citations that no paper has."""

from __future__ import annotations

import calendar
import tomllib
from pathlib import Path
from typing import Any

from .model import Chapter, Citation, Draw, Item, Limit, Plan, Sentence, Unit

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
DIGITS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def plan(draw: Draw, tasks: tuple[int, int] = (3, 12)) -> Plan:
    """A plan with its facts. Features: its level, and what its limits, units and citations are like."""
    level = draw.pick("level", {"national": 0.6, "province": 1, "city": 1.5, "county": 2, "township": 0.8})
    upper, region = _places(draw, level)
    prefix = {"national": "", "province": "省", "city": "市", "county": region[-1], "township": region[-1]}[level]
    department = level in ("province", "city", "county") and draw.below(0.15)
    subject = draw.choice(WORDS["subject"])
    year = draw.number(2016, 2027)
    topic = subject["name"]
    kind = draw.choice(["工作要点", "任务分解表", "责任清单", "实施方案", "行动方案", "任务分工方案", "重点任务清单"])
    name = f"{region if level != 'national' else '全国'}{year}年{topic}{kind}"
    government, issuer = _issuer(draw, level, region, department, topic)
    marks = draw.below(0.5)
    notice = f"{issuer}关于印发{'《' if marks else ''}{name}{'》' if marks else ''}的通知"
    month, date = draw.number(1, 9), draw.number(1, 28)
    bench = _Bench(draw, level, prefix, department, subject, year)
    chapters = _chapters(draw, bench, tasks)
    return Plan(
        level=level,
        region=region,
        prefix=prefix,
        issuer=issuer,
        addressees=_addressees(level, department).replace("县政府", f"{prefix}政府" if level == "county" else "县政府"),
        name=name,
        notice=notice,
        number=_number(draw, level, region, department, year),
        date=f"{year}-{month:02}-{date:02}",
        day=f"{year}年{month}月{date}日",
        year=year,
        subject=topic,
        opening=_opening(draw, level, upper, government, subject, year),
        chapters=chapters,
    )


# --- places and issuers ----------------------------------------------------------------------------------------------


def place(draw: Draw, ending: str) -> str:
    return draw.choice(WORDS["places"]["first"]) + draw.choice(WORDS["places"]["second"]) + ending


def person(draw: Draw, secret: bool = True) -> str:
    """A name; one that is `secret` is to be left out of records."""
    name = draw.choice(WORDS["people"]["family"]) + draw.choice(WORDS["people"]["given"])
    if secret:
        draw.persons.add(name)
    return name


def _places(draw: Draw, level: str) -> tuple[str, str]:
    """The place above and the own one, as each is named."""
    if level == "national":
        return "", "中国"
    if level == "province":
        return "", place(draw, "省")
    if level == "city":
        return place(draw, "省"), place(draw, "市")
    if level == "county":
        return place(draw, "市"), place(draw, draw.choice(["县", "县", "区"]))
    return place(draw, "县"), place(draw, draw.choice(["镇", "乡"]))


def _issuer(draw: Draw, level: str, region: str, department: bool, topic: str) -> tuple[str, str]:
    """The government of the place, and who issues."""
    if level == "national":
        return "国务院", draw.choice(["国务院办公厅", "国务院"])
    government = f"{region}人民政府"
    if department:
        stems = WORDS["units"]["provincial" if level == "province" else "bureaus"]
        return government, region + draw.choice([s for s in stems if s.endswith(("厅", "局"))])
    if level == "township":
        return government, government
    office = {"province": "办公厅", "city": "办公室", "county": "办公室"}[level]
    return government, government + (office if draw.below(0.7) else "")


def _number(draw: Draw, level: str, region: str, department: bool, year: int) -> str:
    n = draw.number(1, 96)
    if level == "national":
        return f"国办发〔{year}〕{n}号"
    word = region[0] + (draw.choice("教民水文卫") if department else "政")
    return f"{word}{draw.choice(['办发', '办', '发', '办字', '办函', '字'])}〔{year}〕{n}号"


def _addressees(level: str, department: bool) -> str:
    if department:
        return {
            "province": "各市教育局，机关各处室：",
            "city": "各县（市、区）局，局属各单位：",
            "county": "各科室，局属各单位：",
        }[level]
    return {
        "national": "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
        "province": "各市、县（市、区）人民政府，省政府直属各单位：",
        "city": "各县（市、区）人民政府，市政府各部门：",
        "county": "各乡镇人民政府、街道办事处，县政府各部门：",
        "township": "各村（社区），镇直各单位：",
    }[level]


def _opening(
    draw: Draw, level: str, upper: str, government: str, subject: dict[str, Any], year: int
) -> tuple[Sentence, ...]:
    """Why the plan is: the papers that it carries out; sometimes a goal."""
    topic, cites, said = subject["name"], [], []
    count = 0 if draw.below(0.2) else draw.number(1, 2)
    above = ["国务院办公厅"] if level in ("national", "province") else [f"{upper}人民政府办公室", "国务院办公厅"]
    for issuer in above[:count]:
        how, kind = draw.choice(["进一步加强", "全面推进", "做好"]), draw.choice(["意见", "通知", "指导意见"])
        title = f"{issuer}关于{how}{topic}工作的{kind}"
        number = None
        if draw.below(0.8):
            n = draw.number(1, 90)
            number = f"国办发〔{year - 1}〕{n}号" if issuer == "国务院办公厅" else f"{issuer[0]}政办发〔{year}〕{n}号"
        cites.append(Citation(number, title, "directive", "basis"))
        said.append(f"《{title}》" + (f"（{number}）" if number else ""))
    why = f"扎实推进{topic}工作，"
    if said:
        why = f"{draw.choice(['贯彻落实', '深入贯彻落实', '认真落实'])}{'和'.join(said)}精神，{why}"
    text = f"为{why}{draw.choice(subject['aim'])}，结合实际，制定本方案。"
    out = [Sentence(text, (), tuple(cites))]
    if draw.flag("goal in the opening", 0.2):
        end = year + draw.number(1, 3)
        limit = Limit(f"到{end}年", "date", None, f"{end}-12-31")
        out.append(Sentence(f"到{end}年，{topic}水平明显提高，{draw.choice(subject['aim'])}。", (limit,)))
    return tuple(out)


# --- work ------------------------------------------------------------------------------------------------------------


class _Bench:
    """What the items of one plan are made from."""

    def __init__(
        self, draw: Draw, level: str, prefix: str, department: bool, subject: dict[str, Any], year: int
    ) -> None:
        self.draw, self.subject, self.year, self.level = draw, subject, year, level
        words, groups = WORDS["units"], WORDS["collectives"]
        if department:
            self.units = list(words["office_rooms" if level == "province" else "offices"])
            self.groups = list(groups["office_province" if level == "province" else "office"])
        elif level == "national":
            self.units, self.groups = list(words["national"]), list(groups["national"])
        elif level == "township":
            self.units = [prefix + u for u in words["township"]]
            self.groups = list(groups["township"])
        elif level == "province":
            self.units, self.groups = [prefix + u for u in words["provincial"]], list(groups["province"])
        else:
            kinds = words["bureaus"] * 3 + words["commissions"] + words["others"]
            self.units = [f"团{prefix}委" if u == "团县委" else prefix + u for u in dict.fromkeys(kinds)]
            self.groups = [g.replace("县直", f"{prefix}直").replace("县政府", f"{prefix}政府") for g in groups[level]]
        self.prefix = "" if department or level == "national" else prefix
        self.elided = draw.flag("elided prefixes", 0.25) and len(self.prefix) == 1 and level != "township"
        self.roles = draw.pick(
            "roles", {"plain": 2, "lead support": 2, "lead responsible": 1, "lead responsible support": 0.8}
        )
        self.collectives = draw.pick("collectives", {"none": 1, "some": 1.5, "each": 0.6})
        self.open = draw.flag("open lists", 0.25)
        self.timed = draw.pick("limits", {"none": 1, "dates": 2, "mixed": 2, "odd forms": 1})
        self.timed_text = draw.flag("limits in the text", 0.4)
        self.cited_text = draw.flag("citations in the text", 0.3)
        self.distracted = draw.flag("distractions in the text", 0.3)
        self.long = draw.pick("texts", {"short": 1, "middle": 2, "long": 1})
        self.used: set[str] = set()

    def fresh(self, kind: str) -> str:
        """A phrase that this plan has not used, while there are any."""
        words = [w for w in self.subject[kind] if w not in self.used] or self.subject[kind]
        word = self.draw.choice(words)
        self.used.add(word)
        return word

    def sentence(self, form: str) -> str:
        built = [c.format(n=self.draw.number(2, 60)) for c in self.draw.some(self.subject["count"], 2, 2)]
        return form.format(
            do=self.draw.choice(self.subject["do"]),
            do2=self.draw.choice(self.subject["do"]),
            count=built[0],
            count2=built[1],
            n=self.draw.number(20, 90),
            aim=self.draw.choice(self.subject["aim"]),
        )

    def body(self) -> tuple[Sentence, ...]:
        forms = WORDS["sentences"]
        if self.long == "short":
            return (Sentence(self.sentence(self.draw.choice(forms["short"] + forms["body"][:5]))),)
        count = self.draw.number(1, 2) if self.long == "middle" else self.draw.number(3, 5)
        said = [Sentence(self.sentence(f)) for f in self.draw.some(forms["body"], count, count)]
        if self.draw.below(0.4):
            said.append(Sentence(self.sentence(self.draw.choice(forms["more"]))))
        if self.distracted and self.draw.below(0.6):
            said.insert(self.draw.number(0, len(said)), Sentence(self.sentence(self.draw.choice(forms["distract"]))))
        if self.timed_text and self.draw.below(0.5):
            said.insert(self.draw.number(0, len(said)), timed_sentence(self.draw, self.subject, self.year))
        if self.cited_text and self.draw.below(0.5):
            said.insert(self.draw.number(0, len(said)), cited_sentence(self.draw, self.subject))
        return tuple(said)

    def assignment(self) -> tuple[tuple[Unit, ...], bool]:
        roles = self.roles.split()
        named: list[tuple[str, str, bool]] = []
        pool = self.draw.some(self.units, 9, 9)
        for role in roles:
            real = "responsible" if role == "plain" else role
            most = 1 if role == "lead" and self.draw.below(0.75) else 2 if role == "lead" else 4
            for _ in range(self.draw.number(1, most)):
                if pool:
                    named.append((real, pool.pop(), False))
        if self.collectives == "each" or (self.collectives == "some" and self.draw.below(0.5)):
            named.append((named[-1][0] if named[-1][0] != "lead" else "lead", self.draw.choice(self.groups), True))
        units = []
        for n, (role, name, collective) in enumerate(named):
            behind = n > 0 and named[n - 1][0] == role and not named[n - 1][2] and not collective
            bare = name.removeprefix(self.prefix)
            short = (
                self.elided
                and behind
                and name != bare
                and named[n - 1][1].startswith(self.prefix)
                and len(bare) > 2
                and bare[0] not in "省市县区乡镇"
            )
            units.append(Unit(role, name, collective, bare if short else None))
        opened = self.open and self.draw.below(0.4) and not named[-1][2]
        return tuple(units), opened

    def item(self) -> Item:
        units, opened = self.assignment()
        limit = None if self.timed == "none" else column_limit(self.draw, self.timed, self.year)
        return Item(self.fresh("do"), self.body(), units, opened, limit)


def _chapters(draw: Draw, bench: _Bench, tasks: tuple[int, int]) -> tuple[Chapter, ...]:
    total = draw.number(*tasks)
    names = draw.some(
        [
            "强化基础建设",
            "提升服务水平",
            "完善制度机制",
            "突出重点领域",
            "推动改革创新",
            "夯实工作基础",
            "加强监督管理",
            "优化资源配置",
        ],
        4,
        4,
    )
    out: list[Chapter] = []
    while total > 0 and names:
        size = min(total, draw.number(1, 5))
        out.append(Chapter(names.pop(), tuple(bench.item() for _ in range(size))))
        total -= size
    return tuple(out)


# --- citations and limits --------------------------------------------------------------------------------------------


def kind_of(title: str) -> str:
    if title.endswith(("标准", "规范", "指引", "指南")):
        return "standard"
    return "law" if title.endswith("法") else "regulation" if title.endswith("条例") else "directive"


def cited_sentence(draw: Draw, subject: dict[str, Any]) -> Sentence:
    marked = draw.choice(subject["law"] + subject["standard"])
    title = marked.strip("《》")
    form, role = draw.choice(
        [
            ("严格落实{}，依法履行职责。", "basis"),
            ("按照{}要求，规范开展相关工作。", "basis"),
            ("依据{}，完善配套措施。", "basis"),
            ("将{}列入干部培训内容。", "mention"),
            ("组织学习{}，提高业务能力。", "mention"),
        ]
    )
    return Sentence(form.format(marked), (), (Citation(None, title, kind_of(title), role),))


def timed_sentence(draw: Draw, subject: dict[str, Any], year: int) -> Sentence:
    month = draw.number(3, 11)
    built = draw.choice(subject["count"]).format(n=draw.number(2, 60))
    last = calendar.monthrange(year, month)[1]
    end = f"{year}-{month:02}-{last}"
    forms = [
        (f"{year}年{month}月底前{built}。", f"{year}年{month}月底前", "date", end),
        (f"{month}月底前，{built}。", f"{month}月底前", "date", end),
        (f"{year}年底前，{built}。", f"{year}年底前", "date", f"{year}-12-31"),
        (f"年底前{built}。", "年底前", "date", f"{year}-12-31"),
        (f"到{year + 1}年，{built}。", f"到{year + 1}年", "date", f"{year + 1}-12-31"),
        (f"{month}月15日前完成前期工作。", f"{month}月15日前", "date", f"{year}-{month:02}-15"),
        ("用两年时间对有关人员轮训一遍。", "用两年时间", "relative", None),
        ("每季度通报一次工作进展。", "每季度", "recurring", None),
        ("按月公布工作进展情况。", "按月", "recurring", None),
    ]
    text, words, kind, last_day = draw.choice(forms)
    return Sentence(text, (Limit(words, kind, None, last_day),))


def column_limit(draw: Draw, style: str, year: int) -> Limit:
    """A limit as a cell has it: `dates` the usual forms, `mixed` with ongoing work, `odd forms` the rarer ones."""
    month = draw.number(3, 12)
    end = f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"
    if style == "mixed" and draw.below(0.4):
        return Limit(draw.choice(["长期坚持", "持续推进", "常态化推进", "长期推进", "持续实施"]), "ongoing")
    if style == "odd forms":
        return draw.choice(
            [
                Limit(f"{year}.{month}", "date", None, end),
                Limit(f"{year}/{month}/30" if month != 2 else f"{year}/2/28", "date", None, f"{year}-{month:02}-30"),
                Limit(f"{year}-{month:02}-{end[-2:]}", "date", None, end),
                Limit(f"{year}.1-{year}.{month}", "date", f"{year}-01-01", end),
                Limit(f"{year}年1月—{year}年{month}月", "date", f"{year}-01-01", end),
                Limit(f"{year}年1—{month}月", "date", f"{year}-01-01", end),
                Limit("全年", "date", f"{year}-01-01", f"{year}-12-31"),
                Limit(f"{year}年第三季度", "date", None, f"{year}-09-30"),
                Limit("第四季度", "date", None, f"{year}-12-31"),
                Limit("每季度", "recurring"),
                Limit("十二月底前", "date", None, f"{year}-12-31"),
            ]
        )
    forms = [
        Limit(f"{year}年{month}月底前", "date", None, end),
        Limit(f"{month}月底前", "date", None, end),
        Limit(f"{year}年{month}月", "date", None, end),
        Limit(f"{month}月", "date", None, end),
        Limit(f"{year}年{month}月{end[-2:]}日前", "date", None, end),
        Limit(f"{year}年底前", "date", None, f"{year}-12-31"),
        Limit("年底前", "date", None, f"{year}-12-31"),
        Limit(f"{year}年12月底", "date", None, f"{year}-12-31"),
    ]
    return draw.choice(forms)
