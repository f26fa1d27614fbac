"""The small changes of a module's code that its tests should notice: another operator or number."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NamedTuple

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMED = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
    "maximum": "minimum", "fmin": "fmax", "fmax": "fmin", "ceil": "floor", "floor": "ceil",
}  # fmt: skip
# In statements of SQL.
SPOKEN = (
    (r" <= ", " < "), (r" >= ", " > "), (r" < ", " <= "), (r" > ", " >= "), (r" <> ", " = "),
    (r" = ", " <> "), (r"\band\b", "or"), (r"\bor\b", "and"), (r"\bmin\(", "max("),
    (r"\bmax\(", "min("), (r" - ", " + "), (r" \+ ", " - "), (r"\bdesc\b", "asc"),
)  # fmt: skip


class Change(NamedTuple):
    """One change of a module: its line, what it does, and how the tree is changed in place."""

    line: int
    words: str
    apply: Callable[[ast.AST], None]
    node: int


def changes_of(source: str) -> list[Change]:
    """Return every change of a module, in the order of its tree."""
    tree = ast.parse(source)
    left_alone = {id(child) for node in ast.walk(tree) for child in _left_alone(node)}
    changes: list[Change] = []

    def visit(node: ast.AST) -> None:
        if id(node) in left_alone:
            return
        at = numbers[id(node)]
        changes.extend(
            Change(getattr(node, "lineno", 0), words, apply, at) for words, apply in _of_node(node)
        )
        for child in ast.iter_child_nodes(node):
            visit(child)

    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    visit(tree)
    return changes


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that are words or types: docstrings, annotations, messages."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, ast.arg) and node.annotation:
        yield node.annotation
    if isinstance(node, ast.AnnAssign):
        yield node.annotation
    if isinstance(node, ast.Assign) and isinstance(
        getattr(node.value, "slice", None), ast.Attribute
    ):
        # An alias of a type, such as NDArray[np.int64].
        yield node
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        yield from ast.iter_child_nodes(node)
    for keyword in getattr(node, "keywords", ()):
        # These only check lengths or choose the memory layout: no test can notice a change.
        if keyword.arg in ("strict", "copy", "kind", "dtype"):
            yield keyword


def _of_node(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Yield the changes of one node, in words and as what changes the same node of another tree."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if other := COMPARED.get(type(operator)):
                words = f"{type(operator).__name__} → {other.__name__}"
                yield words, lambda of, place=place, other=other: _put(of.ops, place, other())
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        texts = (ast.JoinedStr, ast.Constant)
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        text = any(
            isinstance(side, texts) and isinstance(getattr(side, "value", ""), str)
            for side in sides
        )
        if (other_op := COMPUTED.get(type(node.op))) and not text:
            words = f"{type(node.op).__name__} → {other_op.__name__}"
            yield words, lambda of, other=other_op: setattr(of, "op", other())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        words = f"{type(node.op).__name__} → {other_bool.__name__}"
        yield words, lambda of, other=other_bool: setattr(of, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
        words = f"without {type(node.op).__name__}"
        yield (
            words,
            lambda of: setattr(of, "op", ast.UAdd() if isinstance(of.op, ast.USub) else _NO),
        )
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Call):
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        if other_name := NAMED.get(name):
            field = "attr" if isinstance(function, ast.Attribute) else "id"
            yield (
                f"{name} → {other_name}",
                lambda of, field=field, other=other_name: setattr(of.func, field, other),
            )
    elif isinstance(node, ast.Continue):
        yield "continue → break", lambda of: setattr(of, "__class__", ast.Break)


_NO = ast.Not()


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, Callable[[Any], None]]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", lambda of: setattr(of, "value", not of.value)
    elif isinstance(value, (int, float)):
        yield f"{value} → {value + 1}", lambda of: setattr(of, "value", of.value + 1)
    elif isinstance(value, str) and re.search(r"\b(select|where)\b", value):
        for pattern, other in SPOKEN:
            for match in re.finditer(pattern, value):
                line = node.lineno + value[: match.start()].count("\n")
                words = f"SQL{match[0]}→ {other.strip()} (line {line})"
                start, end = match.span()
                yield (
                    words,
                    lambda of, start=start, end=end, other=other: setattr(
                        of, "value", of.value[:start] + other + of.value[end:]
                    ),
                )


def _put(items: list[Any], place: int, item: object) -> None:
    items[place] = item


def changed_code(source: str, change: Change, name: str) -> CodeType:
    """Return a module's code with one change."""
    tree = ast.parse(source)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == change.node)
    if change.words == "without Not" or change.words == "without Invert":
        # What the operator stood before takes its place.
        for parent in ast.walk(tree):
            for field, value in ast.iter_fields(parent):
                if value is node:
                    setattr(parent, field, node.operand)  # type: ignore[attr-defined]
                elif isinstance(value, list) and node in value:
                    value[value.index(node)] = node.operand  # type: ignore[attr-defined]
    else:
        change.apply(node)
    return compile(ast.fix_missing_locations(tree), name, "exec")
