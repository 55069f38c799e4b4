"""The columns of the ledger's sheets."""

from __future__ import annotations

from typing import NamedTuple


class LedgerField(NamedTuple):
    """A column of a sheet: its name (the catalogue has `ledger-<name>`) and its width in characters."""

    name: str
    width: float
    hidden: bool = False


TASKS = (
    *(
        LedgerField("no", 6),
        LedgerField("document", 30),
        LedgerField("number", 20),
        LedgerField("region", 22),
        LedgerField("level", 8),
    ),
    *(
        LedgerField("year", 7),
        LedgerField("date", 12),
        LedgerField("name", 7),
        LedgerField("section", 26),
        LedgerField("title", 26),
    ),
    *(
        LedgerField("text", 60),
        LedgerField("lead", 22),
        LedgerField("responsible", 26),
        LedgerField("support", 26),
        LedgerField("open", 8),
    ),
    *(
        LedgerField("deadline", 18),
        LedgerField("start", 12),
        LedgerField("due", 12),
        LedgerField("citations", 36),
        LedgerField("chain", 44),
        LedgerField("origin", 44),
    ),
    *(
        LedgerField("light", 16),
        LedgerField("state", 10),
        LedgerField("closed", 10),
        LedgerField("progress", 30),
        LedgerField("reported", 12),
        LedgerField("next_report", 12),
        LedgerField("remark", 20),
        LedgerField("review", 24),
        LedgerField("address", 24),
        LedgerField("id", 18),
    ),
)
#: What tells which cells of a row an office has changed (`entries.mark`), in workbooks alone.
MARK = LedgerField("mark", 10, hidden=True)
#: The columns of the sheet for printing.
PRINTED = (
    *(
        LedgerField("no", 5),
        LedgerField("paper", 15),
        LedgerField("name", 6),
        LedgerField("title", 22),
        LedgerField("text", 40),
    ),
    *(LedgerField("lead", 16), LedgerField("responsible", 20), LedgerField("support", 15)),
    *(LedgerField("deadline", 14), LedgerField("light", 15), LedgerField("state", 9), LedgerField("progress", 18)),
)
DOCUMENTS = (
    *(
        LedgerField("number", 22),
        LedgerField("document", 50),
        LedgerField("kind", 10),
        LedgerField("level", 8),
        LedgerField("issuer", 26),
    ),
    *(
        LedgerField("region", 26),
        LedgerField("date", 12),
        LedgerField("year", 7),
        LedgerField("loaded", 8),
        LedgerField("tasks", 8),
    ),
    *(
        LedgerField("cited", 8),
        LedgerField("chain", 44),
        LedgerField("source", 26),
        LedgerField("address", 30),
        LedgerField("id", 26),
    ),
)
UNITS = (
    *(
        LedgerField("unit", 28),
        LedgerField("region", 26),
        LedgerField("level", 8),
        LedgerField("function", 16),
        LedgerField("collective", 8),
    ),
    *(
        LedgerField("leads", 8),
        LedgerField("answers", 8),
        LedgerField("supports", 8),
        LedgerField("aliases", 40),
        LedgerField("id", 34),
    ),
)
CITATIONS = (
    *(
        LedgerField("citing", 22),
        LedgerField("name", 8),
        LedgerField("role", 8),
        LedgerField("cited_number", 22),
        LedgerField("cited_title", 50),
    ),
    *(LedgerField("level", 8), LedgerField("loaded", 8), LedgerField("quote", 60)),
)
