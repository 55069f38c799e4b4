"""What a question in SPARQL asks for, by its parse (rdflib's): only what reads the store is let through, and what can
not be parsed is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ...extractors.errors import ZhenglingError

#: Parts of a parse that read the store or work on values; all that begin with `Builtin_` and `Aggregate_` do, too.
#: What is not here is refused: SERVICE, which asks another address, and all that changes a store.
READING = frozenset(
    {"SelectQuery", "AskQuery", "ConstructQuery", "DescribeQuery", "SubSelect", "Base", "PrefixDecl", "DatasetClause"}
    | {"GroupGraphPatternSub", "GroupOrUnionGraphPattern", "GraphGraphPattern", "MinusGraphPattern", "TriplesBlock"}
    | {"OptionalGraphPattern", "InlineData", "ValuesClause", "Bind", "Filter", "Function", "FakeGroupGraphPatten"}
    | {"GroupClause", "GroupAs", "HavingClause", "OrderClause", "OrderCondition", "LimitOffsetClauses", "vars"}
    | {"PathAlternative", "PathSequence", "PathElt", "PathEltOrInverse", "PathNegatedPropertySet", "InversePath"}
    | {
        "DistinctPath",
        "ConditionalOrExpression",
        "ConditionalAndExpression",
        "RelationalExpression",
        "literal",
        "pname",
    }
    | {"AdditiveExpression", "MultiplicativeExpression", "UnaryMinus", "UnaryNot", "UnaryPlus", "ConstructTriples"}
)
_FAMILIES = ("Builtin_", "Aggregate_")


@lru_cache(maxsize=256)
def check_parse(sparql: str) -> None:
    """Raises `ZhenglingError`, status 2, for a text that is no question or asks for more than reading."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parts = list(_parts(parseQuery(sparql)))
    except RecursionError as error:
        raise ZhenglingError("sparql-wrong", 2, reason="too deep") from error
    except Exception as error:  # pyparsing's, and what rdflib makes of strange texts
        raise ZhenglingError("sparql-wrong", 2, reason=" ".join(str(error).split())[:200]) from error
    strange = sorted({name for name in parts if name not in READING and not name.startswith(_FAMILIES)})
    if strange:
        raise ZhenglingError("sparql-part", 2, names=strange)


def _parts(tree: Any) -> Iterator[str]:
    """The names of all parts of a parse."""
    from pyparsing import ParseResults

    left = [tree]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            if name := getattr(one, "name", ""):
                yield name
            left += one.values()
        elif isinstance(one, (list, tuple, set, ParseResults)):
            left += list(one)
