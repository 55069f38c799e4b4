"""Extractions against gold annotations: the items of both, for a comparison item by item."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
#: The five real papers with their gold and the scorer; not part of the repository.
CORPUS = Path(os.environ.get("ZHENGLING_CORPUS") or ROOT.parent / "shared")


def real_papers() -> Path:
    """The folder with the real papers; where it is not, the test is skipped and says so, and fails on CI."""
    if not (CORPUS / "gold").exists():
        why = (
            f"the real papers are not in {CORPUS}: set ZHENGLING_CORPUS to the folder with corpus/, gold/ and score.py"
        )
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return CORPUS


SETS = {
    "samples": (ROOT / "samples", ROOT / "samples" / "gold"),
    "papers": (ROOT / "tests/papers", ROOT / "tests/papers/gold"),
}
#: What others wrote; too much to be written in every form.
ALL = SETS | {"blind": (ROOT / "tests/blind", ROOT / "tests/blind/gold")}

_BRACKETS = str.maketrans("〔〕()［］[]", "（）（）（）（）")


def plain(value: Any) -> str:
    return re.sub(r"\s+", "", str(value)).translate(_BRACKETS).strip("。；，、：;:,.") if value is not None else ""


def items(record: dict[str, Any]) -> Counter[tuple[str, ...]]:
    """Every fact of a record as a tuple, so that two records can be subtracted."""
    out: Counter[tuple[str, ...]] = Counter()
    document = record["document"]
    for field in ("number", "title", "issuer", "date", "level", "region", "year"):
        out["document", field, plain(document.get(field))] += 1
    for d in document.get("deadlines", []):
        out["deadline", "document", d["kind"], str(d["start"]), str(d["end"])] += 1
    for c in record["citations"]:
        out["citation", c["in"], plain(c["number"]), plain(c["title"]), c["kind"], c["role"]] += 1
    for t in record["tasks"]:
        out["task", t["id"], plain(t["starts"]), plain(t["ends"]), str(t["open"])] += 1
        out["title", t["id"], plain(t["title"])] += 1
        out["section", t["id"], *map(plain, t["section"])] += 1
        for u in t["units"]:
            out["unit", t["id"], u["role"], plain(u["name"]), str(bool(u.get("collective")))] += 1
        for d in t["deadlines"]:
            out["deadline", t["id"], d["kind"], str(d["start"]), str(d["end"])] += 1
    return out


def gold_of(folder: Path) -> dict[str, dict[str, Any]]:
    return {p.stem: json.loads(p.read_text("utf-8")) for p in sorted(folder.glob("*.json"))}
