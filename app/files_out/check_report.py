"""The findings of `check` as tables, data, a workbook or a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from ...graph.checking.finding import SEVERITIES, Finding, rules
from ...graph.deriving.identity import short_name
from ..messages import Catalogue
from ..tables import cells, pages, tables
from ..tables.workbook import Book, Column
from ..tell import spot

SUMMARY = ("severity", "finding", "document", "count", "rule")
EACH = (
    *("severity", "finding", "document", "task", "says", "quote", "place"),
    *("beside", "beside_document", "beside_place", "rule"),
)
_WIDTHS = {"severity": 8, "finding": 26, "document": 26, "task": 8, "says": 40, "quote": 50, "place": 16, "beside": 40}
_SHOWN = 400  # characters of a quotation on a page


def summary(found: Sequence[Finding], language: str) -> list[list[Any]]:
    """One row for each rule and document, with the number of its findings; the gravest first."""
    rows: dict[tuple[str, str], int] = {}
    for one in found:
        rows[one.rule, one.document] = rows.get((one.rule, one.document), 0) + 1
    known = rules()
    order = {rule: (SEVERITIES.index(known[rule].severity), n) for n, rule in enumerate(known)}
    ranked = sorted(rows.items(), key=lambda item: (order[item[0][0]], -item[1], item[0][1]))
    return [
        [known[rule].severity, rules()[rule].title(language), document, count, rule]
        for (rule, document), count in ranked
    ]


def each(found: Iterable[Finding], say: Catalogue, placed: bool = True) -> list[list[Any]]:
    """One row for each finding; places in words if `placed`, else as maps."""
    return [
        [
            *(one.severity, rules()[one.rule].title(say.language), one.document, one.task, said(one, say)),
            *(one.here.quote, spot(one.here.place, say) if placed else one.here.place),
            *(one.there.quote, one.there.document if one.there.quote else ""),
            *(spot(one.there.place, say) if placed else one.there.place, one.rule),
        ]
        for one in found
    ]


def said(one: Finding, say: Catalogue) -> str:
    levels = {level: say(f"level-{level}") for level in ("national", "province", "city", "county", "township")}
    return one.says(say.language, levels)


def text(found: Sequence[Finding], say: Catalogue, form: str, every: bool) -> str:
    """The findings as `table`, `csv`, `json`, `md` or `html`; a page always holds every finding."""
    if form == "html":
        return page(found, say)
    if form == "table" and not found:
        return say("check-clean") + "\n"
    if form == "table":
        return screen(found, say, every)
    columns = EACH if every else SUMMARY
    if form == "md":
        return pages.markdown(columns, each(found, say) if every else summary(found, say.language), say)
    rows = each(found, say, placed=form == "csv") if every else summary(found, say.language)
    return tables.as_csv(columns, rows) if form == "csv" else tables.as_json(tables.as_dicts(columns, rows))


def screen(found: Sequence[Finding], say: Catalogue, every: bool) -> str:
    """The table for people: the summary, or every finding with its words one below the other."""
    if every:
        rows = []
        for severity, title, document, task, says, here, place, there, _, other_place, _ in each(found, say):
            quoted = _lines(_quoted(here, place), _quoted(there, other_place))
            rows.append([severity, _lines(title, says), _lines(short_name(document), task), quoted])
        return tables.as_table(("severity", "finding", "document", "quote"), rows, say)
    found_in = summary(found, say.language)
    rows = [[severity, title, short_name(document), *more] for severity, title, document, *more in found_in]
    return tables.as_table(SUMMARY, rows, say)


def book(found: Sequence[Finding], out: Path, say: Catalogue) -> int:
    """A workbook with a sheet of the summary and one of all findings; gives the number of cells that were cut."""
    made = Book()
    worded = lambda row: [say(f"severity-{row[0]}"), *row[1:]]  # noqa: E731
    for name, columns, rows in (
        ("check-summary", SUMMARY, summary(found, say.language)),
        ("check-all", EACH, each(found, say)),
    ):
        heads = [Column(say(f"column-{c}"), _WIDTHS.get(c, 18)) for c in columns]
        made.sheet(say(name), heads, (worded(row) for row in rows))
    made.save(out)
    return made.cut


# Nothing is fetched and nothing is run, whatever a paper says.
_STYLE = """
:root { color-scheme: light dark; --ink: #1b2330; --paper: #fff; --line: #d5dae2; --soft: #f3f5f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181f; --line: #39414e; --soft: #1d232c; } }
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; }
summary { cursor: pointer; padding: .45rem .8rem; } summary:focus-visible { outline: 2px solid #1c5a9c; }
ol { margin: 0; padding: .2rem 1rem .8rem 2.6rem; } li { margin: .7rem 0; }
blockquote { margin: .3rem 0; padding: .3rem .8rem; border-left: 3px solid var(--line); background: var(--soft);
  white-space: pre-wrap; overflow-wrap: anywhere; }
small { opacity: .8; } .error { border-left: .35rem solid #b3261e; } .warning { border-left: .35rem solid #b7791f; }
.info { border-left: .35rem solid #4a6fa5; } .count { float: right; } @media print { details > * { display: block; } }
"""


def page(found: Sequence[Finding], say: Catalogue) -> str:
    """One page in one file: each rule and document with its count, its findings folded below."""
    title = escape(say("check-title"))
    counts = {s: sum(one.severity == s for one in found) for s in SEVERITIES}
    head = " · ".join(f"{escape(say(f'severity-{s}'))} {n}" for s, n in counts.items())
    parts = [
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if say.language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{pages.POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{head}</p>",
    ]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.rule, one.document), []).append(one)
    for severity, rows in groupby(summary(found, say.language), key=lambda row: row[0]):
        parts.append(f"<h2>{escape(say(f'severity-{severity}'))}</h2>")
        for _, name, document, count, rule in rows:
            parts.append(
                f'<details class="{severity}"><summary><span class="count">{count}</span><b>{_html(name)}</b> '
                f"<small>{_html(rule)}</small><br>{_html(document)}</summary>\n<ol>"
            )
            parts += [_item(one, say) for one in groups[rule, document]]
            parts.append("</ol></details>")
    if not found:
        parts.append(f"<p>{escape(say('check-clean'))}</p>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def _item(one: Finding, say: Catalogue) -> str:
    lines = [f"<li>{_html(one.task)} {_html(said(one, say))}" if one.task else f"<li>{_html(said(one, say))}"]
    for words in (one.here, one.there):
        if words.quote:
            where = " ".join(filter(None, (words.document, spot(words.place, say))))
            lines.append(f"<blockquote>{_html(_cut(words.quote))}<br><small>{_html(where)}</small></blockquote>")
    return "".join([*lines, "</li>"])


def _html(text: str) -> str:
    return escape(cells.shown(text))


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _quoted(words: str, place: str) -> str:
    return _cut(words, 120) + (f" （{place}）" if place else "") if words else ""


def _cut(text: str, length: int = _SHOWN) -> str:
    text = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    return text if len(text) <= length else text[: length - 1] + "…"
