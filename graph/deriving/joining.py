"""The pieces of all records and the facts that papers share → the rows of the graph, by joins of columns.

Evidence is a list of references: the slot of a piece and the number in its block (`pieces.BITS`).
"""

from __future__ import annotations

from ..schema import NODES, RELATIONSHIPS
from .pieces import BITS, CITATIONS, EACH, SEQUENCE

#: Tables of what all papers share, as `derive` fills them.
SHARED: dict[str, dict[str, str]] = {
    "order_": {"slot": "INTEGER", "n": "INTEGER"},  # of all records, twins too
    # The papers of the graph: `n` is their order, `place` the number of their place.
    "paper": {"slot": "INTEGER", "n": "INTEGER", "document": "VARCHAR", "place": "INTEGER", "region": "VARCHAR"},
    "document": {
        **{name: {"DATE": "DATE", "INT64": "BIGINT", "BOOLEAN": "BOOLEAN"}.get(type_, "VARCHAR") for name, type_ in
           NODES["Document"].items() if name not in ("aliases", "review", "evidence")},
        "aliases": "VARCHAR[]",
        "slot": "INTEGER",
    },
    "cited": {"slot": "INTEGER", "i": "INTEGER", "target": "VARCHAR"},
    "unit": {
        "uno": "INTEGER", "id": "VARCHAR", "name": "VARCHAR", "function": "VARCHAR", "fields": "VARCHAR[]",
        "level": "VARCHAR",
        "region": "VARCHAR", "collective": "BOOLEAN", "parent": "INTEGER",
    },
    "meant": {"issuer": "BOOLEAN", "name": "VARCHAR", "collective": "BOOLEAN", "place": "INTEGER", "uno": "INTEGER"},
    "issuing": {"target": "VARCHAR", "name": "VARCHAR", "uno": "INTEGER"},
    "region": {"id": "VARCHAR", "name": "VARCHAR", "level": "VARCHAR", "code": "VARCHAR"},
    "part": {"path": "VARCHAR", "lower": "VARCHAR", "upper": "VARCHAR"},
    "implements": {
        "from": "VARCHAR", "to": "VARCHAR", "inferred": "BOOLEAN", "evidence": "VARCHAR[]", "quote": "VARCHAR",
    },
    # What people have said of links (`lineage.verdicts`): slots and places of both tasks; `wording` and `change` where
    # they alone have found one.
    "verdict": {
        "lower": "INTEGER", "k": "INTEGER", "upper": "INTEGER", "j": "INTEGER",
        "takes_out": "BOOLEAN", "state": "VARCHAR", "texts": "VARCHAR[]", "wording": "VARCHAR", "change": "VARCHAR[]",
    },
    # Lower tasks that somebody confirmed to come from what is not there any more, and that.
    "orphan": {"slot": "INTEGER", "k": "INTEGER", "told": "VARCHAR"},
    # Papers with those that their tasks may come from (`origins.py`): slots, numbers, the tasks that count.
    "pair": {"lower": "INTEGER", "upper": "INTEGER", "lower_n": "INTEGER", "upper_n": "INTEGER", "tasks": "VARCHAR",
             "way": "VARCHAR"},
}  # fmt: skip

#: What is asked of each unit name that papers have, in the order in which they have it.
NAMED = f"""
SELECT m.issuer, m.name, m.collective, p.place, min(p.n::BIGINT << {SEQUENCE} | m.seq) AS turn
FROM mention m JOIN paper p USING (slot) GROUP BY ALL
"""
#: The documents that are cited by others, and where first.
TARGETS = f"""
SELECT c.target, min(p.n::BIGINT << {SEQUENCE} | {CITATIONS} + c.i * {EACH}) AS turn
FROM cited c JOIN paper p USING (slot) WHERE c.target <> p.document GROUP BY ALL
"""


def _refs(alias: str = "") -> str:
    return f"list_transform({alias}proofs, lambda x: {alias}slot::BIGINT << {BITS} | x)"


_AT = f"p.n::BIGINT << {SEQUENCE} | "
_FIRST = "arg_min(uno, turn) AS uno, arg_min(ref, turn) AS ref, arg_min(quote, turn) AS quote, min(turn) AS turn"

#: The ids of tasks: of document, headings, title and text (`identity.task_ids`), for papers of some table.
IDS = """
    SELECT slot, k, document,
           CASE WHEN twin = 1 THEN base ELSE left(sha256(base || chr(31) || twin), 16) END AS id
    FROM (SELECT t.slot, t.k, t.twin, p.document,
                 left(sha256(p.document || chr(31)
                             || CASE WHEN len(t.section) > 0
                                THEN array_to_string(t.section, chr(31)) || chr(31) ELSE '' END
                             || coalesce(t.title, '') || chr(31) || coalesce(t.squeezed, t.text)), 16) AS base
          FROM task t JOIN {} p USING (slot))
"""

#: Statements that bring the tables of the graph about, in their order.
STATEMENTS = [
    f"CREATE TABLE named_task AS {IDS.format('paper')}",
    # Citations with what they lead to; those of the paper itself are none.
    f"""
    CREATE TABLE citing AS
    SELECT c.slot, p.document, c.k, c.role, c.title, coalesce(c.quote, p.document) AS quote,
           c.review, {_refs("c.")} AS refs, d.target, c.slot::BIGINT << {BITS} | c.ref AS ref,
           {_AT}{CITATIONS} + c.i * {EACH} AS turn
    FROM cite c JOIN paper p USING (slot) JOIN cited d ON d.slot = c.slot AND d.i = c.i
    WHERE d.target <> p.document
    """,
    # Units as papers name them: tasks', issuers', and the issuers of what is cited and not there.
    f"""
    CREATE TABLE met AS
    SELECT m.slot, {_AT}m.seq AS turn, m.issuer, u.id, m.name, u.uno, coalesce(m.quote, p.document) AS quote,
           m.slot::BIGINT << {BITS} | m.proofs[1] AS ref
    FROM mention m JOIN paper p USING (slot)
    JOIN meant ON meant.issuer = m.issuer AND meant.name = m.name AND meant.collective = m.collective
              AND meant.place = p.place
    JOIN unit u ON u.uno = meant.uno
    UNION ALL
    SELECT c.slot, c.turn + 1, NULL, u.id, i.name, u.uno, c.quote, c.ref
    FROM citing c JOIN issuing i USING (target) JOIN unit u ON u.uno = i.uno
    """,
    f"CREATE TABLE first_met AS SELECT slot, id, {_FIRST} FROM met GROUP BY slot, id",
    # What stands above a branch.
    """
    CREATE TABLE above AS
    SELECT f.slot, a.id, f.id AS branch, a.uno, f.ref, f.quote, f.turn + 1 AS turn
    FROM first_met f JOIN unit u ON u.uno = f.uno JOIN unit a ON a.uno = u.parent
    """,
    # What shows the regions: that of the paper, of its units, of what it cites.
    f"""
    CREATE TABLE shown AS
    SELECT slot, region, arg_min(ref, turn) AS ref, arg_min(quote, turn) AS quote, min(turn) AS turn
    FROM (SELECT h.slot, p.region, h.slot::BIGINT << {BITS} | h.ref AS ref, coalesce(h.quote, p.document) AS quote,
                 {_AT}0 AS turn
          FROM head h JOIN paper p USING (slot) WHERE p.region IS NOT NULL
          UNION ALL
          SELECT m.slot, u.region, m.ref, m.quote, m.turn FROM (SELECT * FROM first_met UNION ALL BY NAME
                                                             SELECT slot, id, uno, ref, quote, turn FROM above) m
          JOIN unit u USING (uno) WHERE u.region <> ''
          UNION ALL
          SELECT c.slot, d.region, c.ref, c.quote, c.turn FROM citing c JOIN document d ON d.id = c.target
          WHERE d.region <> '')
    GROUP BY slot, region
    """,
    # Relationships that several papers tell.
    f"""
    CREATE TABLE together AS
    SELECT 'IN' AS name, m.id AS "from", u.region AS "to", m.ref, m.quote, m.turn, 0 AS pos
    FROM (SELECT id, uno, ref, quote, turn FROM first_met UNION ALL SELECT id, uno, ref, quote, turn FROM above) m
    JOIN unit u USING (uno) WHERE u.region <> ''
    UNION ALL
    SELECT 'BRANCH_OF', branch, id, ref, quote, turn, 0 FROM above
    UNION ALL
    SELECT 'PART_OF', "from", "to", ref, quote, turn, 0
    FROM (SELECT s.slot, t.lower AS "from", t.upper AS "to", arg_min(s.ref, s.turn) AS ref,
                 arg_min(s.quote, s.turn) AS quote, min(s.turn) AS turn
          FROM shown s JOIN part t ON t.path = s.region WHERE t.upper IS NOT NULL
          GROUP BY s.slot, t.lower, t.upper)
    UNION ALL
    SELECT 'ISSUED_BY', p.document, u.id, m.slot::BIGINT << {BITS} | unnest(m.proofs), coalesce(m.quote, p.document),
           {_AT}m.seq, unnest(generate_series(1, len(m.proofs)))
    FROM mention m JOIN paper p USING (slot)
    JOIN meant ON meant.issuer AND meant.name = m.name AND meant.place = p.place JOIN unit u ON u.uno = meant.uno
    WHERE m.issuer
    UNION ALL
    SELECT 'ISSUED_BY', c.target, u.id, c.ref, c.quote, c.turn + 1, 0
    FROM citing c JOIN issuing i USING (target) JOIN unit u ON u.uno = i.uno
    """,
    """
    CREATE VIEW once AS
    SELECT name, "from", "to", ref, arg_min(quote, (turn, pos)) AS quote, min(turn) AS turn,
           arg_min(pos, (turn, pos)) AS pos
    FROM together GROUP BY name, "from", "to", ref
    """,
    """
    CREATE TABLE gathered AS
    SELECT name, "from", "to", list(ref ORDER BY turn, pos) AS evidence, arg_min(quote, (turn, pos)) AS quote
    FROM once GROUP BY name, "from", "to"
    """,
    # Duties: a unit that a paper calls by two names, or names again, may have one twice.
    """
    CREATE TABLE several AS
    SELECT slot FROM met WHERE NOT issuer GROUP BY slot, id HAVING count(*) > 1
    UNION SELECT slot FROM duty WHERE again
    """,
    f"""
    CREATE VIEW judged AS
    SELECT a.way, a.lower, a.upper, l.k, l.j, l.wording, l.score, l.change, l.grounds, l.texts, l.quote,
           coalesce(v.state, l.state) AS state,
           list_transform(l.proofs, lambda x: (l.slot::BIGINT << {BITS}) + x) AS evidence
    FROM link l JOIN alignment a USING (slot)
    LEFT JOIN verdict v ON a.way = 'derives' AND v.lower = a.lower AND v.upper = a.upper AND v.k = l.k AND v.j = l.j
    WHERE v.k IS NULL OR NOT v.takes_out
    UNION ALL BY NAME
    -- What a person alone has found: the beginnings of both tasks stand for the words in common.
    SELECT 'derives' AS way, v.lower, v.upper, v.k, v.j, v.wording, 0.0 AS score, v.change, []::VARCHAR[] AS grounds,
           v.texts, t.quote, v.state,
           [t.slot::BIGINT << {BITS} | t.proofs[1], u.slot::BIGINT << {BITS} | u.proofs[1]] AS evidence
    FROM verdict v JOIN task t ON t.slot = v.lower AND t.k = v.k JOIN task u ON u.slot = v.upper AND u.k = v.j
    WHERE v.wording IS NOT NULL
    """,
    f"""
    CREATE VIEW task_unit AS
    SELECT d.slot, d.k, d.pos, d.role, u.id AS "from", coalesce(d.quote, p.document) AS quote, d.review,
           {_refs("d.")} AS evidence
    FROM duty d JOIN paper p USING (slot) JOIN mention m ON m.slot = d.slot AND m.u = d.u
    JOIN meant ON NOT meant.issuer AND meant.name = m.name AND meant.collective = m.collective AND meant.place = p.place
    JOIN unit u ON u.uno = meant.uno
    """,
]


#: What people did to a fact that several rows tell.
REVIEW = "coalesce(min(nullif({}review, '')), '')"


def _duties(role: str) -> str:
    return f"""
    SELECT x."from", t.id AS "to", x.evidence, x.quote, x.review FROM task_unit x JOIN named_task t USING (slot, k)
    WHERE x.role = '{role}' AND x.slot NOT IN (SELECT slot FROM several)
    UNION ALL
    SELECT x."from", t.id, list_distinct_in_order(flatten(list(x.evidence ORDER BY x.pos))), arg_min(x.quote, x.pos),
           {REVIEW.format("x.")}
    FROM task_unit x JOIN named_task t USING (slot, k)
    WHERE x.role = '{role}' AND x.slot IN (SELECT slot FROM several) GROUP BY x."from", t.id
    """


_GATHERED = """SELECT "from", "to", evidence, quote FROM gathered WHERE name = '{}'"""

_LINKS = """
        SELECT t.id AS "from", u.id AS "to",
               CASE WHEN count(*) OVER (PARTITION BY lower, upper, l.k) > 1 THEN 'merged'
                    WHEN count(*) OVER (PARTITION BY lower, upper, j) > 1 THEN 'split' ELSE 'one' END AS kind,
               wording, state, score, change, grounds, texts, evidence, coalesce(quote, t.document) AS quote
        FROM (SELECT * FROM judged WHERE way {}) l JOIN named_task t ON t.slot = l.lower AND t.k = l.k
        JOIN named_task u ON u.slot = l.upper AND u.k = l.j"""

#: (label) and (relationship, start, stop) → the question for its rows; evidence is a list of references.
ROWS: dict[tuple[str, ...], str] = {
    ("Document",): f"""
        SELECT d.* EXCLUDE (aliases, slot), d.aliases, coalesce(h.review, '') AS review,
               coalesce({_refs("h.")}, []::BIGINT[]) AS evidence
        FROM document d LEFT JOIN head h USING (slot)""",
    ("Task",): f"""
        SELECT n.id, t.name, t.k AS "order", t.title, t.text, t.section, t.open, n.document, t.review,
               t.state, t.closed, t.reported, t.next_report, t.milestone, t.milestones, t.notes,
               coalesce(o.orphaned, []::VARCHAR[]) AS orphaned, {_refs("t.")} AS evidence
        FROM task t JOIN named_task n USING (slot, k)
        LEFT JOIN (SELECT slot, k, list(told ORDER BY told) AS orphaned FROM orphan GROUP BY slot, k) o
        USING (slot, k)""",
    ("Unit",): """
        SELECT m.id, u.name, m.aliases, u.function, u.fields, u.level, u.region, u.collective
        FROM (SELECT id, arg_min(uno, turn) AS uno, list_sort(list(DISTINCT alias)) AS aliases
              FROM (SELECT m.id, m.uno, m.turn, unnest([m.name, u.name]) AS alias FROM met m JOIN unit u USING (uno)
                    UNION ALL SELECT a.id, a.uno, a.turn, u.name FROM above a JOIN unit u USING (uno))
              WHERE alias <> '' GROUP BY id) m
        JOIN unit u USING (uno)""",
    ("Region",): """SELECT * FROM region WHERE id IN (SELECT lower FROM part WHERE path IN (
        SELECT region FROM shown UNION SELECT region FROM document))""",
    ("Deadline",): """
        SELECT d.id, arg_min(d.kind, p.n) AS kind, arg_min(d.text, p.n) AS text,
               arg_min_null(d.start, p.n) AS start, arg_min_null(d.due, p.n) AS due
        FROM deadline d JOIN paper p USING (slot) GROUP BY d.id""",
    ("CONTAINS", "Document", "Task"): f"""
        SELECT n.document AS "from", n.id AS "to", {_refs("t.")} AS evidence, coalesce(t.quote, n.document) AS quote
        FROM task t JOIN named_task n USING (slot, k)""",
    ("PART_OF", "Task", "Task"): f"""
        SELECT n.id AS "from", o.id AS "to", {_refs("t.")} AS evidence, coalesce(t.quote, n.document) AS quote
        FROM task t JOIN named_task n USING (slot, k) JOIN named_task o ON o.slot = t.slot AND o.k = t.part_of""",
    ("PART_OF", "Region", "Region"): _GATHERED.format("PART_OF"),
    ("LEADS", "Unit", "Task"): _duties("lead"),
    ("RESPONSIBLE_FOR", "Unit", "Task"): _duties("responsible"),
    ("SUPPORTS", "Unit", "Task"): _duties("support"),
    ("DUE", "Task", "Deadline"): f"""
        SELECT n.id AS "from", d.deadline AS "to", d.review, {_refs("d.")} AS evidence,
               coalesce(d.quote, n.document) AS quote
        FROM due d JOIN named_task n USING (slot, k)""",
    ("DUE", "Document", "Deadline"): f"""
        SELECT p.document AS "from", d.deadline AS "to", d.review, {_refs("d.")} AS evidence,
               coalesce(d.quote, p.document) AS quote
        FROM due d JOIN paper p USING (slot) WHERE d.k IS NULL""",
    ("CITES", "Document", "Document"): """SELECT document AS "from", target AS "to", {} FROM citing WHERE k IS NULL
        GROUP BY document, target, role""",
    ("CITES", "Task", "Document"): """SELECT n.id AS "from", target AS "to", {} FROM citing JOIN named_task n
        USING (slot, k) GROUP BY n.id, target, role""",
    ("IMPLEMENTS", "Document", "Document"): "SELECT * FROM implements",
    ("DERIVES_FROM", "Task", "Task"): _LINKS.format("= 'derives'"),
    ("RESEMBLES", "Task", "Task"): _LINKS.format("<> 'derives'"),
    ("ISSUED_BY", "Document", "Unit"): _GATHERED.format("ISSUED_BY"),
    ("IN", "Unit", "Region"): _GATHERED.format("IN"),
    ("BRANCH_OF", "Unit", "Unit"): _GATHERED.format("BRANCH_OF"),
}
_CITES = f"""role, arg_min(title, turn) AS title, {REVIEW.format("")} AS review,
        list_distinct_in_order(flatten(list(refs ORDER BY turn))) AS evidence, arg_min(quote, turn) AS quote"""
for _key in [key for key in ROWS if key[0] == "CITES"]:
    ROWS[_key] = ROWS[_key].format(_CITES)

#: A list without what stands in it before.
MACROS = "CREATE OR REPLACE MACRO list_distinct_in_order(l) AS list_filter(l, lambda x, i: list_position(l, x) = i)"

#: The evidence of all papers, and of what two of them have in common, in the order of slots.
BLOCKS = """
SELECT p.slot, p.document, h.block FROM paper p JOIN head h USING (slot)
UNION ALL SELECT a.slot, p.document, a.block FROM alignment a JOIN paper p ON p.slot = a.lower WHERE a.links > 0
UNION ALL SELECT a.slot + 1, p.document, a.above FROM alignment a JOIN paper p ON p.slot = a.upper WHERE a.links > 0
ORDER BY 1
"""

#: How many tasks, units, deadlines and citations each paper has.
COUNTS = """
SELECT p.n, h.tasks, coalesce(u.units, 0), h.deadlines, coalesce(c.citations, 0)
FROM paper p JOIN head h USING (slot)
LEFT JOIN (SELECT slot, count(DISTINCT id) AS units FROM met WHERE NOT issuer GROUP BY slot) u USING (slot)
LEFT JOIN (SELECT slot, count(DISTINCT (k, target, role)) AS citations FROM citing GROUP BY slot) c USING (slot)
ORDER BY p.n
"""


def ordered(key: tuple[str, ...]) -> str:
    """The question for the rows of a label or relationship in the order of `schema.Source`, columns of the schema."""
    if len(key) == 1:
        columns, order = list(NODES[key[0]]), ["id"]
    else:
        columns = ["from", "to", *RELATIONSHIPS[key[0]].properties]
        order = ["from", "to", *(p for p in ("role", "inferred") if p in columns)]
    names, by = (", ".join(f'"{name}"' for name in some) for some in (columns, order))
    return f"SELECT {names} FROM ({ROWS[key]}) ORDER BY {by}"
