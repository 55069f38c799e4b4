"""What an engine would do for a question, by its own plan: only what reads the graph is let through. A check of words
alone reads the question by rules of its own; this is how the engine has read it.

The embedded store draws its plan, Neo4j gives it as data. A session that only reads does not keep Neo4j from calling
procedures and functions of plugins, nor from asking other addresses (LOAD CSV): its plan says both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

from ...extractors.errors import ZhenglingError

#: Operators that read the graph and work on rows (LadybugDB 0.22, `physical_operator.cpp`). Others are refused.
READING = frozenset(
    {"AGGREGATE", "AGGREGATE_FINALIZE", "AGGREGATE_SCAN", "COUNT_REL_TABLE", "CROSS_PRODUCT", "DUMMY_SCAN"}
    | {"DUMMY_SIMPLE_SINK", "DUMMY_SINK", "EMPTY_RESULT", "EXPRESSIONS_SCAN", "FILTER", "FLATTEN"}
    | {"HASH_JOIN_BUILD", "HASH_JOIN_PROBE", "INDEX_LOOKUP", "INTERSECT", "INTERSECT_BUILD", "LIMIT"}
    | {"MULTIPLICITY_REDUCER", "ORDER_BY", "ORDER_BY_MERGE", "ORDER_BY_SCAN", "PATH_PROPERTY_PROBE"}
    | {"PRIMARY_KEY_SCAN_NODE_TABLE", "PROJECTION", "QUERY_PRIMARY_KEY_LOOKUP", "RECURSIVE_EXTEND"}
    | {"RESULT_COLLECTOR", "SCAN_NODE_TABLE", "SCAN_REL_TABLE", "SEMI_MASKER", "SKIP", "TOP_K", "TOP_K_SCAN"}
    | {"UNION_ALL_SCAN", "UNWIND"}
)
#: The one function of tables that questions use: it reads what a part of the question gave.
_TABLE_CALL, _OWN_TABLE = "TABLE_FUNCTION_CALL", "READ_FTABLE"
_EXPLAIN = "EXPLAIN "
_OPERATOR = re.compile(r"│ *([A-Z][A-Z_]*)\[\d+\] *(?=│)")
_FUNCTION = re.compile(r"│ *Function: *([^│\s]*) *(?=│)")
_TOP = re.compile(r"\A[┐─┴│└┘┬├┤┼ ]*+┌[┌┐─┴│└┘┬├┤┼ ]*+")


def check_plan(explain: Callable[[str], str], cypher: str) -> None:
    """Raises `ZhenglingError` (`cypher-plan`, status 2) where the plan of a question has an operator that does more
    than read, or can not be read. `explain` gives the engine's answer to a text."""
    try:
        plan = explain(_EXPLAIN + cypher)
    except ZhenglingError as error:
        raise ZhenglingError(
            error.code, error.status, **{k: _own(v) for k, v in error.values.items()}
        ) from error.__cause__
    operators, functions = operators_of(plan)
    strange = sorted(operators - READING - {_TABLE_CALL}) + sorted(functions - {_OWN_TABLE})
    if strange or not operators:
        raise ZhenglingError("cypher-plan", 2, names=strange or ["?"])


def _own(value: Any) -> Any:
    """What the engine says of a text, as if it had been asked without the word before it."""
    if not isinstance(value, str) or f'"{_EXPLAIN}' not in value:
        return value
    value = re.sub(r"(?<=\(line: 1, offset: )\d+", lambda found: str(int(found[0]) - len(_EXPLAIN)), value)
    return value.replace(f'"{_EXPLAIN}', '"', 1).replace("\n" + " " * len(_EXPLAIN), "\n")


def operators_of(plan: str) -> tuple[set[str], set[str]]:
    """The operators of a drawn plan, and the functions that its tables come from.

    The name of an operator is the first line of its box, and no other text stands on such a line; a function is taken
    for one wherever it seems to stand, so that no text of a question can hide another.
    """
    operators: set[str] = set()
    lines = plan.splitlines()
    for above, line in pairwise(lines):
        if _TOP.fullmatch(above):
            operators |= set(_OPERATOR.findall(line))
    functions = set(_FUNCTION.findall(plan)) if _TABLE_CALL in operators else set()
    return operators, functions


# --- Neo4j ------------------------------------------------------------------------------------------------------------

#: Operators of Neo4j (5 and 2026) that read the graph and work on rows. Others are refused: what writes, what calls
#: procedures (ProcedureCall), reads files or addresses (LoadCSV), tells of the server (Show…) or ends what it does.
_READING_THERE = re.compile(
    r"\A(?:\w*(?:Scan|Seek|SeekByRange|Lookup|CountFromCountStore)|\w*Expand\([\w, ]+\)"
    r"|\w*ShortestPaths?(?:\([\w, ]+\))?|(?:Bidirectional)?Repeat\([\w, ]+\)"
    r"|(?:Anti|Semi|Let|Select|Or|RollUp|Conditional|Argument|Merge){0,6}Apply"
    r"|(?:Node|Value|Left|Right|Outer|Hash){0,6}Join|CartesianProduct|Triadic(?:Selection|Build|Filter)|ProjectEndpoints"
    r"|(?:Eager|Ordered)?Aggregation|(?:Ordered)?(?:Distinct|Union)|(?:Partial)?(?:Sort|Top)|Top1WithTies"
    r"|(?:Exhaustive)?Limit|Skip|Filter|Projection|ProduceResults?|Argument|ArgumentTracker|Optional|(?:Partitioned)?Unwind"
    r"|Eager|CacheProperties|RemoteBatchProperties(?:WithFilter)?|EmptyRow|EmptyResult)"
)
_READS = "r"
#: The functions of the server that are no part of it: what they do no plan says.
PLUGGED_IN = "SHOW FUNCTIONS YIELD name, isBuiltIn WHERE NOT isBuiltIn RETURN name"


def check_server_plan(kind: str | None, plan: Mapping[str, Any] | None, plugged_in: Collection[str]) -> None:
    """Raises `ZhenglingError` (`cypher-plan`, status 2) where Neo4j's plan of a question does more than read, as its
    kind or an operator says, or calls one of the functions of plugins."""
    steps = list(_steps(plan)) if plan else []
    operators = {str(step.get("operatorType", "?")).partition("@")[0] for step in steps}
    strange = {name for name in operators if not _READING_THERE.fullmatch(name)}
    details = " ".join(str(step.get("args", {}).get("Details", "")) for step in steps).casefold()
    strange |= {name for name in plugged_in if f"{name.casefold()}(" in details.replace("`", "")}
    if strange or kind != _READS or not steps:
        raise ZhenglingError("cypher-plan", 2, names=sorted(strange) or [kind or "?"])


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [plan]
    while waiting:
        step = waiting.pop()
        yield step
        waiting += step.get("children", ())
