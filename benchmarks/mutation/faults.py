"""Mutants of a module: the operators are mutmut's, each applied at one place of the source."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import libcst as cst  # pyrefly: ignore
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider  # pyrefly: ignore
from mutmut.mutation.mutators import mutation_operators  # pyrefly: ignore

#: What is not run, or only keeps results: a fault there changes nothing that a test could see.
_UNSEEN = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


@dataclass(frozen=True)
class Fault:
    """`was` stands in the source at `start` (line and column) and becomes `becomes`. `lines` are those of the statement
    that holds it, down to its end; `function` is the outermost function or class around it and what is inside, empty at
    the level of the module."""

    module: str
    start: tuple[int, int]
    lines: range
    function: str
    tree: cst.Module = field(compare=False, repr=False)
    node: cst.CSTNode = field(compare=False, repr=False)
    changed: cst.CSTNode = field(compare=False, repr=False)

    @cached_property
    def was(self) -> str:
        return self.tree.code_for_node(self.node)

    @cached_property
    def becomes(self) -> str:
        return self.tree.code_for_node(self.changed)

    @cached_property
    def source(self) -> str:
        """The whole module with the fault in it."""
        mutant = self.tree.deep_replace(self.node, self.changed)
        assert isinstance(mutant, cst.Module)
        return mutant.code

    def __str__(self) -> str:
        def short(code: str) -> str:
            return " ".join(code.split())[:100]

        return f"{self.module}:{self.start[0]}:{self.start[1] + 1} {short(self.was)} → {short(self.becomes)}"


def faults_of(module: str, source: str) -> list[Fault]:
    """Every mutant of a module, in the order of its text."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    finder = _Finder(module, wrapper.module)
    wrapper.visit(finder)
    return finder.found


def drawn(faults: list[Fault], number: int, seed: int) -> list[Fault]:
    """So many of them, in the order of the text; 0 is all. The same seed draws the same from the same source, and a
    larger number all of a smaller one."""
    order = list(range(len(faults)))
    random.Random(f"{seed} {len(faults)}").shuffle(order)
    return [faults[n] for n in sorted(order[: number or None])]


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: str, tree: cst.Module) -> None:
        super().__init__()
        self.module, self.tree = module, tree
        self.found: list[Fault] = []
        self._names: list[str] = []
        self._statements: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _UNSEEN) or _is_docstring(node) or _is_for_types(node):
            return False
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statements.append(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.append(node.name.value)
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for changed in operator(node):
                    self._add(node, changed)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._statements and self._statements[-1] is original_node:
            self._statements.pop()
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._names.pop()

    def _add(self, node: cst.CSTNode, changed: cst.CSTNode) -> None:
        place = cast(CodeRange, self.get_metadata(PositionProvider, node))
        around = self._statements[-1] if self._statements else node
        statement = cast(CodeRange, self.get_metadata(PositionProvider, around))
        lines = range(statement.start.line, place.end.line + 1)
        start, names = (place.start.line, place.start.column), ".".join(self._names)
        self.found.append(Fault(self.module, start, lines, names, self.tree, node, changed))


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _is_for_types(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
