"""The chain of command: which documents a document carries out, one step up.

Superiors are directives of a strictly higher level, cited as basis outside tasks. Where one sentence names one paper
of each level, alike in subject, the nearest is the step and those above are reached through it: their steps are
inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

from .identity import rank, title_key


@dataclass(frozen=True, slots=True)
class Superior:
    """A directive that a document cites as basis: its id, level, subject (`subject`), and in which sentence."""

    id: str
    level: str | None
    subject: str
    sentence: int
    evidence: tuple[str, ...]  # JSON objects


@dataclass(frozen=True, slots=True)
class Step:
    """One step up from `lower` to `upper`."""

    lower: str
    upper: str
    evidence: tuple[str, ...]


def steps(document: str, level: str | None, cited: Iterable[Superior]) -> tuple[list[Step], list[Step], list[Step]]:
    """(direct, inferred, through) of a document of some level.

    `inferred` lead from one superior to the next; `through` are the direct steps that stand where, after all, the upper
    paper can not be reached through the nearer one.
    """
    above = [s for s in cited if s.id != document and rank(level) and rank(s.level) > rank(level)]
    direct: list[Step] = []
    inferred: list[Step] = []
    through: list[Step] = []
    for _, some in groupby(sorted(above, key=lambda s: s.sentence), key=lambda s: s.sentence):
        named = {s.id: s for s in reversed(list(some))}
        ladder = sorted(named.values(), key=lambda s: (rank(s.level), s.id))
        ranks = {rank(s.level) for s in ladder}
        subjects = {s.subject for s in ladder}
        if len(ladder) > 1 and len(ranks) == len(ladder) and len(subjects) == 1 and "" not in subjects:
            direct.append(Step(document, ladder[0].id, ladder[0].evidence))
            for low, high in pairwise(ladder):
                # The words that name the upper paper first: they are what a trace shows.
                inferred.append(Step(low.id, high.id, high.evidence + low.evidence))
                through.append(Step(document, high.id, high.evidence))
        else:
            direct += [Step(document, s.id, s.evidence) for s in ladder]
    return direct, inferred, through


_KIND = re.compile(
    r"(?:的|工作|重点|任务|主要|有关|相关|事项|问题|若干|实施|指导|行动|分工|分解|三年|专项|年度|试行|暂行|"
    r"通知|意见|方案|计划|要点|安排|分解表|责任表|表|责任|清单|台账|细则|办法|措施|规划|决定|公告|通告|函|批复|规定|[()])+$"
)
_LEAD = re.compile(
    r"^(?:印发|转发|批转|下发|公布|发布|做好|抓好|进一步|切实|全面|深入|深化|加快|加强|推进|推动|促进|开展|组织|实施|"
    r"贯彻|落实|执行|认真|持续|扎实|的)+"
)
_YEARS = re.compile(r"\(?(?:19|20)\d\d(?:[-—~至到](?:19|20)?\d\d)?(?:年度|年)?\)?")
_HERE = re.compile(r"[全我本](?:国|省|市|县|区|州|旗|镇|乡|自治区)")


def subject(title: str | None, places: Iterable[str] = ()) -> str:
    """What a title is about: without issuer, place, year, the kind of paper and the words that lead in."""
    text = title_key(title).replace("（", "(").replace("）", ")")
    text = text.rpartition("关于")[2] or text
    for name in sorted({p for p in places if p}, key=len, reverse=True):
        text = text.replace(name, "")
    text = _HERE.sub("", _YEARS.sub("", text))
    text = re.sub(r"[和与及、，,]", "", text)
    bare = _KIND.sub("", _LEAD.sub("", text))
    return bare or text
