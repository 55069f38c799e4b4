"""What stands around a plan: the notice that issues it, a page of a site, imprints; and the gold of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .model import Draw, Gold, Plan
from .plans import chinese, person

DIGITS = "〇一二三四五六七八九"


@dataclass
class Cover:
    """Lines before the plan, and behind it; `whole` where the paper tells its document."""

    before: list[str]
    after: list[str]
    whole: bool = True


def document(plan: Plan, cover: str) -> dict[str, Any]:
    bare = cover in ("title alone", "none")
    return {
        "number": None if bare else plan.number,
        "title": plan.name if bare else plan.notice,
        "issuer": None if bare else plan.issuer,
        "date": None if bare else plan.date,
        "level": plan.level,
        "region": None if plan.level == "national" else plan.region,
        "year": plan.year,
        "deadlines": [],
    }


def cover(draw: Draw, plan: Plan, gold: Gold, kind: str, attached: bool) -> Cover:
    """`kind` is what was drawn for it; `attached`: the work stands in a table."""
    if kind == "none":
        return Cover([], [], False)
    if kind == "title alone":
        opening = [_opening(plan, gold)] if not attached or draw.below(0.3) else []
        return Cover([plan.name, *opening], _foot(draw, plan, False), plan.level != "national")
    out = Cover([*_site(draw, plan, kind), *_notice(draw, plan, gold, attached)], _foot(draw, plan, True))
    out.before.append(plan.name)
    if not attached:
        out.before.append(_opening(plan, gold))
    return out


def _opening(plan: Plan, gold: Gold, last: str = "制定本方案。") -> str:
    for sentence in plan.opening:
        gold.cite(sentence.citations)
        gold.document["deadlines"] += [d.gold() for d in sentence.limits]
    return "".join(s.text for s in plan.opening).replace("制定本方案。", last, 1)


def _site(draw: Draw, plan: Plan, kind: str) -> list[str]:
    if kind != "page of a site":
        return []
    index = f"{draw.number(100000, 999999)}/{plan.year}-{draw.number(10, 99)}"
    published = f"{plan.year}-10-{draw.number(10, 28)}"
    style = draw.pick("head of the page", {"lines": 1, "row of bars": 0.7, "one line": 0.7})
    if style == "lines":
        return [
            "当前位置：首页 > 政务公开 > 文件",
            f"索引号：{index}",
            f"发布机构：{plan.issuer}",
            f"发布日期：{published} 浏览次数：{draw.number(10, 999)}",
        ]
    if style == "row of bars":
        return [f"索引号 | {index} | 发布机构 | {plan.issuer} |", f"发布日期 | {published} | 有效性 | 有效 |"]
    return [f"您的位置：首页>政府信息公开>文件 索引号：{index} 发布机构：{plan.issuer} 发布日期：{published}"]


# --- the notice ------------------------------------------------------------------------------------------------------


def _notice(draw: Draw, plan: Plan, gold: Gold, attached: bool) -> list[str]:
    out = _head(draw, plan, gold)
    out.append(plan.addressees)
    said = ["现将《{}》印发给你们，请认真贯彻落实。", "《{}》已经同意，现印发给你们，请结合实际认真组织实施。"]
    named = draw.choice(said).format(plan.name)
    if attached and draw.flag("opening in the notice", 0.5):
        out.append(_opening(plan, gold, f"制定了《{plan.name}》。"))
    out.append(named)
    if attached and draw.flag("chapters in the notice", 0.25):
        out += [
            "一、加强组织领导。各单位要高度重视，明确分管负责人，细化工作措施。",
            "二、严格督促检查。办公室要加强跟踪调度，对落实不力的予以通报。",
        ]
    if draw.flag("limit in the notice", 0.15):
        out.append(_limited(draw, plan, gold))
    if draw.flag("contact in the notice", 0.12):
        out.append(f"联系人：{person(draw)}，联系电话：0999-{draw.number(2000000, 8999999)}。")
    if attached and draw.below(0.5):
        out.append(f"附件：{plan.name}")
    out += [plan.issuer, _dated(draw, plan)]
    if draw.below(0.5):
        out.append("（此件公开发布）")
    if attached and draw.below(0.4):
        out.append("附件")
    return out


def _head(draw: Draw, plan: Plan, gold: Gold) -> list[str]:
    """Number and title, in either order, each written in one of its forms."""
    brackets = draw.pick("brackets of the number", {"〔〕": 5, "[]": 0.6, "()": 0.5, "【】": 0.3, "﹝﹞": 0.4})
    number = plan.number.replace("〔", brackets[0]).replace("〕", brackets[1])
    if draw.flag("blanks in the number", 0.08):
        number = number.replace("号", " 号").replace(brackets[1], brackets[1] + " ")
    title = [plan.notice]
    form = draw.pick("title", {"one line": 5, "two lines": 1.5, "red head": 0.5, "none": 0.4})
    if form == "two lines":
        cut = plan.notice.index("关于")
        title = [plan.notice[:cut], plan.notice[cut:]]
    elif form == "red head":
        return [f"{plan.issuer}文件", number, *title]
    elif form == "none":
        # A notice with no title line is called by the plan that it issues.
        gold.document["title"] = plan.name
        return [number]
    return [number, *title] if draw.below(0.5) else [*title, number]


def _limited(draw: Draw, plan: Plan, gold: Gold) -> str:
    month, day = draw.number(10, 11), draw.number(5, 25)
    words = f"{plan.year}年{month}月{day}日前"
    limit = {"text": words, "kind": "date", "start": None, "end": f"{plan.year}-{month:02}-{day:02}"}
    gold.document["deadlines"].append(limit)
    return f"请各单位于{words}将落实情况书面报送办公室。"


def _dated(draw: Draw, plan: Plan) -> str:
    """The day of the paper in one of its forms."""
    year, month, day = (int(n) for n in plan.date.split("-"))
    form = draw.pick("date of the paper", {"2024年5月6日": 5, "二〇二四年五月六日": 1, "2024 年 5 月 6 日": 0.7})
    if form.startswith("二"):
        zero = draw.pick("zero of the date", {"〇": 2, "○": 1, "O": 0.7, "Ｏ": 0.5, "0": 0.7})
        words = "".join(DIGITS[int(c)] for c in str(year)).replace("〇", zero)
        return f"{words}年{chinese(month)}月{chinese(day)}日"
    apart = " " if form != "2024年5月6日" else ""
    return f"{year}{apart}年{apart}{month}{apart}月{apart}{day}{apart}日"


def _foot(draw: Draw, plan: Plan, issued: bool) -> list[str]:
    out = []
    if issued and draw.flag("imprint", 0.15):
        out += ["抄送：各有关单位。", f"{plan.issuer} {plan.year}年{draw.number(10, 12)}月{draw.number(10, 28)}日印发"]
    if draw.flag("foot of a site", 0.12):
        out += [draw.choice(["分享到：", "【打印】【关闭】", "扫一扫在手机打开当前页", "相关解读", "上一篇：没有了"])]
    return out
