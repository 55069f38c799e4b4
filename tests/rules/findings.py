"""How the rules of `rules/findings.toml` are asked in tests."""

from __future__ import annotations

import re

from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import tables

from ..examples import Row

#: Around the text of an example: a notice and its plan.
BEFORE = """松岭县人民政府办公室关于印发松岭县养老服务工作方案的通知
松政办〔2023〕15号

各乡镇人民政府：
现将工作方案印发给你们，请认真贯彻执行。
"""
BEHIND = """
松岭县人民政府办公室
2023年3月5日
"""
_WHOLE, _BEGIN = ("place.shape",), ("place.word", "attachment.list", "attachment.bare", "attachment.item")


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """For a rule what it finds in a paper with this text; for a pattern what it fits, or takes out of it."""
    if "id" in row:
        record = extract_paper(lay_out(Content(source=BEFORE + text + BEHIND)))
        return [(finding.code, _told(finding.values)) for finding in record.findings]
    part, name = row["of"].split(".")
    ask, said = re.compile(tables("findings.toml")[part][name]), fold(text)
    if name == "split":
        marks = " ".join(match.group() for match in ask.finditer(said))
        return [(row["of"], marks)] if marks else []
    found = (ask.fullmatch if row["of"] in _WHOLE else ask.match if row["of"] in _BEGIN else ask.search)(said)
    return [(row["of"], _taken(found))] if found else []


def _told(values: dict[str, str]) -> str:
    return values.get("what") or values.get("number") or values["name"]


def _taken(found: re.Match[str]) -> str:
    named = found.groupdict()
    return named.get("rest") or named.get("n") or found.group()
