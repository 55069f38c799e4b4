"""Tasks by what became of the chain of command: those whose chain ends early, and those that no paper below took up."""

from __future__ import annotations

_REACHED = (
    "WITH RECURSIVE down(n, depth) AS (SELECT n, 0 FROM document WHERE level = 'national' "
    "UNION SELECT i.lower, depth + 1 FROM down JOIN implements i ON i.upper = down.n WHERE depth < 8) "
    "SELECT DISTINCT n FROM down"
)
_TAKEN = "SELECT upper FROM derives"

#: Value of the filter `chain` → the condition on `task t`.
CHAINS = {
    # As `broken-chains` asks: neither its paper nor what it names as its basis goes back to the nation.
    "broken": f"t.document NOT IN ({_REACHED}) AND t.n NOT IN (SELECT c.task FROM cites c JOIN document d "
    "ON d.n = c.upper WHERE c.task IS NOT NULL AND c.role = 'basis' AND d.kind = 'directive' "
    f"AND c.upper IN ({_REACHED}))",
    # Of papers that a loaded one carries out; a task in parts is taken up with its parts, a part with the whole.
    "untaken": "t.document IN (SELECT i.upper FROM implements i JOIN document l ON l.n = i.lower WHERE l.loaded) "
    f"AND t.n NOT IN ({_TAKEN}) AND t.n NOT IN (SELECT whole FROM part_of) "
    f"AND t.n NOT IN (SELECT p.task FROM part_of p WHERE p.whole IN ({_TAKEN}))",
}
