"""Rarer ways to write a table: ruled with characters, in the notation of a typesetter, kinds of HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence


def ruled(rows: Sequence[Sequence[str]], width: int, corners: str, bar: str) -> list[str]:
    """Rows between bars, a rule of `corners` between them: `┼─` or `+-`."""
    rule = corners[0].join([corners[1] * 6] * width)
    rule = f"{corners[0]}{rule}{corners[0]}"
    out = [rule]
    for row in rows:
        cells = list(row) + [""] * (width - len(row))
        out += [f"{bar} " + f" {bar} ".join(cells) + f" {bar}", rule]
    return out


def tex(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """A tabular of LaTeX, as converters of scans write it."""
    out = [r"\begin{tabular}{" + "|c" * width + "|}", r"\hline"]
    for row in rows:
        cells = " & ".join(row) if len(row) > 1 or width == 1 else rf"\multicolumn{{{width}}}{{|c|}}{{{row[0]}}}"
        out += [cells + r" \\", r"\hline"]
    return [*out, r"\end{tabular}"]


def web(rows: Sequence[Sequence[tuple[str, int, int]]], style: str) -> list[str]:
    """A table of HTML from rows of (text, rows, columns): `plain`, `paragraphs` in cells, with a `head`, in a table
    that lays out the page, or of `boxes` with roles."""
    if style == "boxes":
        out = ['<div role="table">']
        for row in rows:
            cells = "".join(f'<div role="cell">{html.escape(t)}</div>' for t, _, _ in row)
            out.append(f'<div role="row">{cells}</div>')
        return [*out, "</div>"]
    out = ['<table border="1">']
    for n, row in enumerate(rows):
        tag = "th" if style == "head" and n == 0 else "td"
        cells = "".join(_cell(tag, cell, style == "paragraphs") for cell in row)
        line = f"<tr>{cells}</tr>"
        out.append(f"<thead>{line}</thead><tbody>" if tag == "th" else line)
    out.append("</tbody></table>" if style == "head" else "</table>")
    if style == "in a table":
        return ['<table width="100%"><tr><td>', *out, "</td></tr></table>"]
    return out


def _cell(tag: str, cell: tuple[str, int, int], paragraphs: bool) -> str:
    text, rows, columns = cell
    span = f' rowspan="{rows}"' * (rows > 1) + f' colspan="{columns}"' * (columns > 1)
    if paragraphs:
        inner = "".join(f'<p style="text-indent:2em"><span>{html.escape(t)}</span></p>' for t in text.split("\n"))
    else:
        inner = html.escape(text).replace("\n", "<br>")
    return f"<{tag}{span}>{inner}</{tag}>"
