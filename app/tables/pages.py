"""Tables as Markdown and as pages of HTML that fetch nothing and run nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ..messages import Catalogue
from .cells import shown
from .tables import Rows, heading, worded

#: What a page that is a file may load: nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1b2330; --paper: #fff; --line: #d5dae2; --soft: #f3f5f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181f; --line: #39414e; --soft: #1d232c; } }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink);
  background: var(--paper); margin: 1.5rem auto; padding: 0 1rem; max-width: 90rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .55rem; text-align: left; vertical-align: top;
  white-space: pre-line; overflow-wrap: break-word; } th { background: var(--soft); white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
@media print { body { margin: 0; max-width: none; font-size: 9pt; } thead { display: table-header-group; }
  tr { break-inside: avoid; } @page { size: A4 landscape; margin: 12mm; } }
"""


def markdown(columns: Sequence[str], rows: Rows, say: Catalogue) -> str:
    """A table in Markdown; lines of a cell are parted by `<br>`, signs that mean something are escaped."""
    lines = [[_plain(heading(name, say)) for name in columns], ["---"] * len(columns)]
    lines += [[_plain(str(worded(n, v, say))) for n, v in zip(columns, row, strict=True)] for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", shown(text)).replace("\n", "<br>")


def html_table(columns: Sequence[str], rows: Rows, say: Catalogue) -> str:
    heads = "".join(f"<th>{escape(heading(name, say))}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(_cell(name, value, say) for name, value in zip(columns, row, strict=True))}</tr>\n"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table></div>'


def _cell(name: str, value: object, say: Catalogue) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"<td{' class=number' if number else ''}>{escape(shown(worded(name, value, say)))}</td>"


def page(title: str, body: str, say: Catalogue) -> str:
    """A page of its own in one file."""
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if say.language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"{body}\n</body>\n</html>\n"
    )
