"""What a paper says of itself: number, title, issuer, date, level, region, year."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import date

from . import rules
from .citations import NUMBER, ORDER
from .fold import fold, number, squeeze
from .lexicon import Lexicon
from .model import Paper, Paragraph, Table
from .outline import pattern

_CN_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二三四五六七八九〇零]{4})\s*[年./-]\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月./-]\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?"
)


@dataclass(slots=True)
class Head:
    """Values with their spans in the paper's text; `body` is where the text after title and recipients begins."""

    number: tuple[str, int, int] | None = None
    title: tuple[str, int, int] | None = None
    issuer: tuple[str, int, int] | None = None
    date: tuple[str, int, int] | None = None
    level: str | None = None
    region: tuple[str, int, int] | None = None
    year: int | None = None
    body: int = 0
    inner_titles: list[tuple[int, int]] = field(default_factory=list)  # lines that title what the notice issues
    own: list[str] = field(default_factory=list)  # titles and numbers of the paper and its attachments


def read_head(paper: Paper, text: str, lexicon: Lexicon) -> Head:
    """The head of a paper. `text` is its folded text."""
    head = Head()
    paragraphs = [b for b in paper.blocks if isinstance(b, Paragraph) and not b.note]
    first_table = next((b for b in paper.blocks if isinstance(b, Table)), None)
    zone = _head_zone(paragraphs, text, first_table)
    title = _title(paper, paragraphs, text, zone, first_table)
    if title:
        words, start, end = title
        head.title = (words, start, end)
        head.body = end
    head.number = _number(text, paragraphs, zone, head)
    order = _order(paper, text, paragraphs)
    if order:
        head.number = order[0]
    _recipients(head, paragraphs, text)
    head.issuer = _issuer(paper, text, paragraphs, head)
    if order and (head.issuer is None or head.issuer[0] not in order[1][0]):
        head.issuer = order[1]
    head.date = _date(text, paragraphs, head)
    _own(head, paragraphs, text)
    _place(head, paper, text, lexicon)
    head.year = _year(head)
    return head


def _head_zone(paragraphs: list[Paragraph], text: str, table: Table | None) -> int:
    """Index of the first paragraph that is body: after the recipients, or the first with a sentence or numbering."""
    for i, p in enumerate(paragraphs[:60]):
        words = text[p.start : p.end]
        if table is not None and p.start >= table.start:
            return i
        if pattern("recipient").match(words.strip()):
            return i
        if (len(words) > 60 and "。" in words and not pattern("furniture").search(words)) or re.match(
            r"[一二三四五六七八九十]、|\(一\)", words
        ):
            return i
    return min(len(paragraphs), 60)


def _ends_title(words: str) -> bool:
    bare = re.sub(r"\([^()]{1,14}\)$", "", squeeze(words))
    return bare.endswith(tuple(rules.words("document.toml")["kinds"]))


def _title(
    paper: Paper, paragraphs: list[Paragraph], text: str, zone: int, table: Table | None
) -> tuple[str, int, int] | None:
    lines = paragraphs[: zone + 1] if zone < len(paragraphs) else paragraphs
    candidates: list[tuple[float, int, int, int]] = []
    furniture = pattern("furniture")
    for i in range(len(lines)):
        for j in range(i, min(i + 4, len(lines))):
            start, end = lines[i].start, lines[j].end
            raw = text[start:end]
            label = pattern("label_title").match(raw)
            if j > i and any(_alone(text[p.start : p.end]) for p in lines[i : j + 1]):
                break
            if label:
                start += label.end()
                raw = text[start:end]
            elif furniture.search(text[lines[i].start : lines[i].end]) or furniture.match(squeeze(raw[:14])):
                break
            words = squeeze(raw)
            if not 5 <= len(words) <= 120 or re.search(r"[。;]", words) or words.endswith((":", ",")):
                continue
            if table is not None and end > table.start:
                break
            if not _ends_title(words):
                continue
            score = 0.0
            if "关于" in words:
                score += 4
                if re.match(
                    r"[\u4e00-\u9fff]{2,40}?(?:政府|办公室|办公厅|委员会|局|厅|部|国务院|领导小组|院|会|委|处)(?:\([^()]*\))?关于",
                    words,
                ):
                    score += 2
            score += 1.0 if re.search(r"(?:19|20)\d\d年", words) else 0
            score += 0.5 if words.endswith(("通知", "意见", "方案", "要点", "分工", "分解表")) else 0
            score -= 0.6 * (j - i)
            if re.search(r"关于(?:印发|转发|公布|下发)", words) and not re.search(
                r"的?(?:通知|函|决定|公告|通告|意见|命令)$", words
            ):
                score -= 3
            score -= 0.02 * i
            if words.startswith("关于"):
                score -= 0.5
            if "《" in words and words.index("《") == 0:
                score -= 4
            if re.match(r"(?:首页|当前位置|来源)", words) or ">" in words:
                score -= 6
            if label:
                score += 0.2
            candidates.append((score, -i, start, end))
    if not candidates:
        return _one_line_title(paper, paragraphs, text) or _bare_title(paper, lines, text, table)
    score, _, start, end = max(candidates)
    # A page repeats the title above the paper: the last full repetition stands over the text.
    words = squeeze(paper.text[start:end])
    again = [(s, e) for _, _, s, e in candidates if squeeze(paper.text[s:e]) == words]
    start, end = again[-1]
    return re.sub(r"^(?:标题|名称|信息名称|文件名称)[:：]", "", words), start, end


def _alone(words: str) -> bool:
    """A line that is no part of a title beside others: number, recipients, date, furniture, classification."""
    bare = words.strip()
    return bool(
        NUMBER.fullmatch(squeeze(bare))
        or bare.endswith((":", "文件"))
        or _CN_DATE.fullmatch(squeeze(bare))
        or pattern("furniture").search(bare)
        or re.fullmatch(r"[A-Z]?\d*|特急|急件|加急|.{0,3}密", bare)
    )


def _one_line_title(paper: Paper, paragraphs: list[Paragraph], text: str) -> tuple[str, int, int] | None:
    """The title at the head of a paper that lies on one line."""
    for p in paragraphs[:3]:
        window = text[p.start : min(p.end, p.start + 400)]
        match = re.search(
            r"(?P<t>(?:[\u4e00-\u9fff\s]{2,40}?(?:政府|办公室|办公厅|委员会|局|厅|部|国务院|领导小组|办事处|院|委))?\s*关\s*于[^。:]{4,90}?的\s*(?:通\s*知|意\s*见|决\s*定|公\s*告|通\s*告|批\s*复|函|方\s*案|通\s*报|请\s*示|报\s*告))(?=\s|各|$|[\u4e00-\u9fff(])",
            window,
        )
        if match:
            start, end = p.start + match.start("t"), p.start + match.end("t")
            words = squeeze(paper.text[start:end])
            issuer = re.match(r".*?号(?=[\u4e00-\u9fff])", words)
            if issuer:
                words = words[issuer.end() :]
            file = re.match(r".{2,30}?文件(?=.{2,})", words)
            if file:
                words = words[file.end() :]
            return words, start, end
    return None


def _bare_title(paper: Paper, lines: list[Paragraph], text: str, table: Table | None) -> tuple[str, int, int] | None:
    """The line above a bare table, else the first line that is no furniture."""
    before = [p for p in lines if table is None or p.start < table.start]
    if table is not None and before:
        for p in reversed(before):
            words = squeeze(paper.text[p.start : p.end])
            if (
                4 <= len(words) <= 60
                and not re.match(r"附件\d*$|单位:|[一二三四五六七八九十]、|\d|\(", fold(words))
                and not words.endswith(("。", "：", ":"))
            ):
                return words, p.start, p.end
    for p in lines[:6]:
        words = squeeze(paper.text[p.start : p.end])
        if (
            6 <= len(words) <= 60
            and not re.search(r"[。，；：]", words)
            and not pattern("furniture").search(text[p.start : p.end])
            and _ends_title(words)
        ):
            return words, p.start, p.end
    return None


def _number(text: str, paragraphs: list[Paragraph], zone: int, head: Head) -> tuple[str, int, int] | None:
    limit = paragraphs[min(zone + 2, len(paragraphs) - 1)].end if paragraphs else 0
    if head.title:
        limit = max(limit, head.title[2] + 60)
    limit = min(limit, 6000)
    label = re.compile(pattern("label_number").pattern + r"(?=[\u4e00-\u9fff])").search(text, 0, limit)
    spots = [label.end()] if label else []
    spots += [p.start for p in paragraphs if p.start < limit]
    for spot in spots:
        line_end = text.find("\n", spot)
        stretch = text[spot : line_end if line_end >= 0 else len(text)][:400]
        match = NUMBER.search(stretch)
        if not match:
            continue
        before = stretch[: match.start()]
        alone = len(squeeze(stretch)) <= len(match.group()) + 6 or (
            not before.strip() and stretch[match.end() :].lstrip().startswith("签发人")
        )
        after_title = head.title is not None and spot <= head.title[2] + 2
        if (
            (label and spot == label.end() and not before.strip())
            or alone
            or (not re.search(r"[。《,;]|根据|按照|贯彻|落实", before) and after_title and match.start() < 200)
        ):
            prefix = match["prefix"]
            issued = re.match(
                r".*(?:文件|办公室|办公厅|人民政府|委员会|通知|意见|方案|号)(?=[\u4e00-\u9fff]{2,12}$)", prefix
            )
            cut = issued.end() if issued and not alone else 0
            start = spot + match.start() + cut
            return f"{prefix[cut:]}〔{match['year']}〕{int(match['n'])}号", start, spot + match.end()
    order = ORDER.search(text[: min(limit, 600)])
    if (
        order
        and head.title
        and order.start() < head.title[1]
        and "\n" not in order.group()
        and (order["who"] or order["who2"])
    ):
        n = number(order["n"] or order["n2"])
        if n:
            return f"{order['who'] or order['who2']}令第{n}号", order.start(), order.end()
    return None


def _order(
    paper: Paper, text: str, paragraphs: list[Paragraph]
) -> tuple[tuple[str, int, int], tuple[str, int, int]] | None:
    """Number and issuer of a paper that is itself an order: X人民政府令 above 第N号."""
    for p, q in itertools.pairwise(paragraphs):
        words = squeeze(paper.text[p.start : p.end])
        match = re.fullmatch(r"第(\d{1,4}|[一二三四五六七八九十百〇零]{1,6})号", squeeze(text[q.start : q.end]))
        if match and re.fullmatch(r"[\u4e00-\u9fff、]{3,40}令", words):
            value = number(match.group(1))
            return (f"{words}第{value}号", p.start, q.end), (words[:-1], p.start, p.end)
    return None


def _recipients(head: Head, paragraphs: list[Paragraph], text: str) -> None:
    """The body begins after the recipients where these follow the title at once."""
    for p in paragraphs:
        if p.start < head.body - 1 or p.end <= head.body:
            continue
        words = text[p.start : p.end].strip()
        if pattern("recipient").match(words):
            head.body = p.end
            return
        if len(words) > 90 or "。" in words:
            return


def _issuer(paper: Paper, text: str, paragraphs: list[Paragraph], head: Head) -> tuple[str, int, int] | None:
    if head.title:
        words, start, end = head.title
        folded = fold(words)
        about = folded.find("关于")
        if about >= 3:
            name = re.sub(r"文件$", "", words[:about])
            if not re.match(r"[省市县区州旗盟](?:人民)?政府|[省市县区州旗盟]委|自治[区州县]", name):
                return name, start, min(end, start + about + 4)
            full = _signed(paper, text, paragraphs, head) or _red(paper, paragraphs)
            return full if full and full[0].endswith(name[1:]) else (name, start, min(end, start + about + 4))
        order = re.match(r"([\u4e00-\u9fff]{4,30}(?:人民政府|办公室|办公厅|委员会|局))(?:命令|公告|通告|决定)$", folded)
        if order:
            return words[: order.end(1)], start, end
    label = re.compile(pattern("label_issuer").pattern + r"(?P<v>[\u4e00-\u9fff]{4,40})").search(text, 0, 4000)
    # The signature counts more than what a page says of its publisher.
    signature = _signed(paper, text, paragraphs, head)
    if signature:
        return signature
    red = _red(paper, paragraphs)
    if red:
        return red
    if label:
        return squeeze(paper.text[label.start("v") : label.end("v")]), label.start("v"), label.end("v")
    if head.title:
        for p in paragraphs[:8]:
            words = squeeze(paper.text[p.start : p.end])
            if p.start >= head.title[2] and (len(words) > 60 or words.endswith(("：", ":", "。"))):
                break
            outside = p.end <= head.title[1] or p.start >= head.title[2]
            if outside and len(words) >= 5 and pattern("issuer").fullmatch(words):
                return words, p.start, p.end
    return None


def _red(paper: Paper, paragraphs: list[Paragraph]) -> tuple[str, int, int] | None:
    """The issuer in the red head: X文件."""
    for p in paragraphs[:12]:
        words = squeeze(paper.text[p.start : p.end])
        red = re.fullmatch(r"([\u4e00-\u9fff]{4,40})文件", words)
        if red:
            return red.group(1), p.start, p.end
    return None


def _signed(paper: Paper, text: str, paragraphs: list[Paragraph], head: Head) -> tuple[str, int, int] | None:
    """The line above a date after the body."""
    for i, p in enumerate(paragraphs):
        if p.start < head.body:
            continue
        words = squeeze(text[p.start : p.end])
        dated = re.search(_CN_DATE.pattern + "$", words)
        if dated and len(words) - len(dated.group()) <= 30:
            name = words[: dated.start()]
            if not name and i:
                q = paragraphs[i - 1]
                name = squeeze(paper.text[q.start : q.end])
                p = q
            if 4 <= len(name) <= 30 and pattern("issuer").fullmatch(name):
                return name, p.start, p.end
    return None


def _iso(match: re.Match[str]) -> str | None:
    y, m, d = (number(match[k]) or 0 for k in ("y", "m", "d"))
    try:
        return date(y, m, d).isoformat() if 1949 <= y <= 2099 else None
    except ValueError:  # no day of the calendar
        return None


def _date(text: str, paragraphs: list[Paragraph], head: Head) -> tuple[str, int, int] | None:
    """成文日期: the date below the signature, else what the page names so, else the day of printing."""
    best: tuple[str, int, int] | None = None
    printed: tuple[str, int, int] | None = None
    for p in paragraphs:
        if p.end <= head.body:
            continue
        words = text[p.start : p.end]
        if len(words) > 80:
            tail = re.search(
                r"[。)][^。]{2,30}(?:人民政府|办公室|办公厅|委员会|局|厅)\s*((?:19|20)\d\d年\d{1,2}月\d{1,2}日)", words
            )
            if tail and best is None and not re.search(r"于$", words[: tail.start(1)]):
                match = _CN_DATE.search(tail.group(1))
                iso = match and _iso(match)
                if iso:
                    best = (iso, p.start + tail.start(1), p.start + tail.end(1))
            continue
        bare = squeeze(words)
        match = re.search(_CN_DATE.pattern + r"(?P<printed>印发)?$", bare)
        if not match or len(bare) - len(match.group()) > 34 or re.search(r"[。,;]", bare[: match.start()]):
            continue
        if re.search(
            r"(?:发布|更新|公开|生成|公布|上传)[时日][间期]?:?$|来源|时间|日期:?$", bare[: match.start()]
        ) and not re.search(r"成文日期", bare):
            continue
        iso = _iso(match)
        if not iso:
            continue
        if match["printed"]:
            printed = printed or (iso, p.start, p.end)
        else:
            best = best or (iso, p.start, p.end)
    label = re.compile(pattern("label_date").pattern + _CN_DATE.pattern).search(text, 0, 6000)
    if best is None and label:
        iso = _iso(label)
        if iso:
            best = (iso, label.start(), label.end())
    if best is None and head.title:
        # (2021年5月6日) below the title.
        near = text[head.title[2] : head.title[2] + 60]
        match = re.match(r"\s*\(?" + _CN_DATE.pattern + r"\)?\s*\n", near)
        iso = match and _iso(match)
        if match and iso:
            best = (iso, head.title[2], head.title[2] + match.end())
    return best or printed


def _own(head: Head, paragraphs: list[Paragraph], text: str) -> None:
    """Titles of the paper itself, of what it issues, and of its attachments."""
    if head.number:
        head.own.append(head.number[0])
    inner: list[str] = []
    if head.title:
        head.own.append(head.title[0])
        words = head.title[0]
        issued = re.search(r"关于(?:印发|转发|公布|发布|下发)(.+?)的(?:通知|公告|决定|通告|函|意见|命令)$", words)
        if issued:
            inner.append(issued.group(1))
        about = words.find("关于")
        if about > 0:
            inner.append(words[about:])
    for p in paragraphs:
        words = text[p.start : p.end]
        if re.match(r"附\s*件\s*\d*\s*[:.]", words) or re.match(r"附\s*:", words):
            rest = re.sub(r"^附\s*件?\s*\d*\s*[:.]\s*", "", words)
            for item in re.split(r"(?:^|(?<=[^\d年]))\s*\d{1,2}[.、](?!\d)", rest):
                item = squeeze(item).strip("《》。.;")
                if 4 <= len(item) <= 80:
                    inner.append(item)
    listed = False
    for p in paragraphs:
        words = squeeze(text[p.start : p.end])
        if re.match(r"附件\d*[:.]?", words):
            listed = True
            continue
        match = re.match(
            r"\d{1,2}[.、](?P<t>[^。]{4,70}(?:表|方案|清单|要点|分工|目录|办法|名单|台账|措施|计划|规定|细则|预案|流程图?))$",
            words,
        )
        if listed and match:
            inner.append(match["t"])
        elif listed and len(words) > 40:
            listed = False
    head.own += inner
    titles = {_bare(t) for t in inner if len(t) > 5}
    if head.title:
        titles.add(_bare(head.title[0]))
    for p in paragraphs:
        if p.start >= head.body and p.end - p.start <= 90 and _bare(text[p.start : p.end]) in titles:
            head.inner_titles.append((p.start, p.end))


def _bare(title: str) -> str:
    return re.sub(r"[\s《》“”\"]|\((?:试行|暂行)\)", "", fold(title))


_LEVELS = {
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "自治州": "city",
    "盟": "city",
    "地区": "city",
    "县": "county",
    "区": "county",
    "旗": "county",
    "自治县": "county",
    "自治旗": "county",
    "镇": "township",
    "乡": "township",
    "街道": "township",
    "民族乡": "township",
    "特区": "county",
    "林区": "county",
    "新区": "county",
}


def _place(head: Head, paper: Paper, text: str, lexicon: Lexicon) -> None:
    """Level and region, from the issuer, else from the title; the lexicon knows which 市 are county-level cities."""
    sources = []
    if head.issuer:
        sources.append((squeeze(head.issuer[0]), head.issuer))
    if head.title:
        title = fold(head.title[0])
        sources.append(
            (
                re.sub(r"^(?:关于)?(?:印发|做好|开展|进一步)?(?:《)?(?:(?:19|20)\d\d年?(?:度)?)?", "", title),
                head.title,
            )
        )
        about = title.find("关于")
        if about >= 0:
            sources.append(
                (
                    re.sub(
                        r"^关于(?:印发|转发|做好|开展|公布|下达|加强|推进|进一步)*《?(?:(?:19|20)\d\d年?(?:度)?)?",
                        "",
                        title[about:],
                    ),
                    head.title,
                )
            )
    for words, (_, start, end) in sources:
        if words.startswith(("国务院", "中共中央", "中华人民共和国", "国家", "全国")):
            head.level = "national"
            return
        words = re.sub(r"^(?:中国共产党|中共)", "", words)
        names = lexicon.region_prefix(words, strict=False)
        if names:
            name = names[-1]
            head.level = _level_of(names, lexicon, text, head)
            where = paper.text.find(name, start, end + 1)
            head.region = (name, where, where + len(name)) if where >= 0 else (name, start, end)
            return
    if head.issuer and re.match(r"[\u4e00-\u9fff]{2,8}部$|.*(?:总局|部办公厅)$", head.issuer[0]):
        head.level = "national"


def _level_of(names: list[str], lexicon: Lexicon, text: str, head: Head) -> str | None:
    name = names[-1]
    known = lexicon.regions_named(name)
    if len(names) > 1:
        within = [r for r in known if names[-2] in r.path]
        known = within or known
    levels = {r.level for r in known}
    if len(levels) == 1:
        return levels.pop()
    suffix = next((s for s in sorted(_LEVELS, key=len, reverse=True) if name.endswith(s)), None)
    level = _LEVELS.get(suffix or "")
    if suffix == "市":
        if len(names) > 1 and names[-2].endswith(("市", "州", "盟")):
            return "county"
        # 各乡镇 are told by a county, 各县（市、区） by a city.
        to = text[: head.body + 400]
        if re.search(r"各(?:乡|镇|街道|乡镇|镇街)", to) and not re.search(r"各(?:县|区|县\(|县区|区县|市县)", to):
            return "county"
        return "city"
    if suffix == "区" and known and not levels:
        return "county"
    return level


def _year(head: Head) -> int | None:
    if head.title:
        match = re.search(r"((?:19|20)\d\d)年?(?:-|至|到)(?:19|20)?\d\d年?", fold(head.title[0])) or re.search(
            r"((?:19|20)\d\d)\s*年", fold(head.title[0])
        )
        if match:
            return int(match.group(1))
        span = re.search(r"\(?((?:19|20)\d\d)-(?:19|20)?\d\d", fold(head.title[0]))
        if span:
            return int(span.group(1))
    if head.number:
        match = re.search(r"〔((?:19|20)\d\d)〕", head.number[0])
        if match:
            return int(match.group(1))
    if head.date:
        return int(head.date[0][:4])
    return None
