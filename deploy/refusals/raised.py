"""Follows calls from a function and collects the refusals that leave it."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db_errors import DatabaseUnavailable

from .inference import (
    Bound,
    Function,
    Inference,
    Instance,
    Known,
    Value,
    alternatives,
    assigned_in_init,
    assignments,
    element,
    inference_of_init,
    is_ours,
    names_in,
    parameters_of,
    plain,
    syntax_of,
)
from .refusal import NOTHING, Raised, Relay, refusal_of
from .syntax import CALLS, fixed_text, raises_name

_DATABASE = "mydocker_kit.postgres.db"


class Analysis:
    """Remembers what leaves each function; `relay` knows the other services."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._known: dict[tuple[Any, ...], Raised] = {}

    def of(
        self,
        function: Any,
        owner: type | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Raised:
        """What leaves `function`; `texts`: arguments that are texts, of helpers of the clients."""
        function = plain(function)
        if isinstance(function, type):
            return self._of_class(function)
        if not inspect.isfunction(function):
            return NOTHING
        given = tuple(sorted((texts or {}).items()))
        key = (function.__module__, function.__qualname__, function.__code__, owner, given)
        if key not in self._known:
            self._known[key] = NOTHING  # of a recursive call
            self._known[key] = self._read(function, owner, dict(texts or {}))
        return self._known[key]

    def _of_class(self, cls: type) -> Raised:
        """What leaves the making of an instance."""
        if issubclass(cls, ProblemError) or not is_ours(cls):
            return NOTHING
        parts = (getattr(cls, name, None) for name in ("__init__", "__post_init__"))
        return frozenset().union(*(self.of(part, cls) for part in parts if part is not None))

    def _read(self, function: Function, owner: type | None, texts: dict[str, str]) -> Raised:
        if function.__module__ == _DATABASE:
            return refusal_of(DatabaseUnavailable)
        definition = syntax_of(function)
        if definition is None:
            return NOTHING
        scope = Inference(names_in(function), parameters_of(function, owner))
        return _Reader(self, self._relay, scope, owner, texts).statements(definition.body)


class _Reader:
    """Reads one function, statement by statement."""

    def __init__(
        self,
        analysis: Analysis,
        relay: Relay,
        scope: Inference,
        owner: type | None,
        texts: dict[str, str],
    ) -> None:
        self._analysis, self._relay, self._scope = analysis, relay, scope
        self._owner, self._texts = owner, texts
        self._caught: list[Raised] = []

    def statements(self, body: Iterable[ast.stmt]) -> Raised:
        """What leaves these statements."""
        raised = NOTHING
        for statement in body:
            raised |= self._statement(statement)
        return raised

    def _statement(self, node: ast.stmt) -> Raised:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._nested(node)
            case ast.Try():
                return self._try(node)
            case ast.Raise(exc=None):
                return self._caught[-1] if self._caught else NOTHING
            case ast.Raise(exc=ast.expr() as raised):
                return self._expression(raised)
            case ast.Assign(targets=targets, value=value):
                self._note_text(targets[0], value)
                for target in targets:
                    self._scope.bind(target, self._scope.of(value))
                return self._expression(value)
            case ast.AnnAssign(target=target, value=value):
                if value is None:
                    return NOTHING
                self._scope.bind(target, self._scope.of(value))
                return self._expression(value)
            case ast.For(target=target, iter=several) | ast.AsyncFor(target=target, iter=several):
                self._scope.bind(target, element(self._scope.of(several)))
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        values = element(self._scope.of(item.context_expr))
                        self._scope.bind(item.optional_vars, values)
        return self._children(node)

    def _children(self, node: ast.AST) -> Raised:
        raised = NOTHING
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                raised |= self._statement(child)
            elif isinstance(child, ast.expr):
                raised |= self._expression(child)
            else:
                raised |= self._children(child)
        return raised

    def _nested(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Raised:
        """A function within a function counts as called."""
        for argument in node.args.args:
            if argument.annotation is not None:
                hint = self._scope.of(argument.annotation)
                values: list[Value] = [Instance(v.value) for v in hint if isinstance(v, Known)]
                self._scope.bind(ast.Name(argument.arg), values)
        return self.statements(node.body)

    def _try(self, node: ast.Try) -> Raised:
        body = self.statements(node.body)
        raised = NOTHING
        for handler in node.handlers:
            kinds = self._kinds(handler.type)
            caught = frozenset(pair for pair in body if issubclass(pair[0], kinds))
            body -= caught
            self._caught.append(caught)
            raised |= self.statements(handler.body)
            if handler.name is not None and raises_name(handler.body, handler.name):
                raised |= caught
            self._caught.pop()
        return body | raised | self.statements([*node.orelse, *node.finalbody])

    def _kinds(self, node: ast.expr | None) -> tuple[type[BaseException], ...]:
        if node is None:
            return (BaseException,)
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        values = [value.value for part in parts for value in self._scope.of(part)
                  if isinstance(value, Known)]  # fmt: skip
        flat = [
            kind for value in values for kind in (value if isinstance(value, tuple) else [value])
        ]
        return tuple(kind for kind in flat if isinstance(kind, type))

    def _expression(self, node: ast.expr) -> Raised:
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[subject, *_]):
                return self._expression(subject)
            case ast.Call():
                return self._call(node)
            case ast.Name() | ast.Attribute():
                return self._mentioned(node)
            case (
                ast.ListComp(generators=generators)
                | ast.SetComp(generators=generators)
                | ast.GeneratorExp(generators=generators)
                | ast.DictComp(generators=generators)
            ):
                for generator in generators:
                    self._scope.bind(generator.target, element(self._scope.of(generator.iter)))
            case ast.NamedExpr(target=target, value=value):
                self._scope.bind(target, self._scope.of(value))
        return self._children(node)

    def _mentioned(self, node: ast.Name | ast.Attribute) -> Raised:
        """A refusal that is named counts as raised, a function that is handed on as called."""
        raised = self._children(node)
        for value in self._scope.of(node):
            if isinstance(value, Bound):
                raised |= self._analysis.of(value.function, value.owner)
            elif isinstance(value, Known):
                raised |= self._of_object(value.value)
        if isinstance(node, ast.Attribute):
            raised |= self._of_member(node)
        return raised

    def _of_object(self, value: Any) -> Raised:
        if isinstance(value, type):
            return refusal_of(value) if issubclass(value, ProblemError) else NOTHING
        if isinstance(value, dict | tuple | list | frozenset):
            parts = value.values() if isinstance(value, dict) else value
            return frozenset().union(*(self._of_object(part) for part in parts
                                       if isinstance(part, type)))  # fmt: skip
        return self._analysis.of(value) if inspect.isfunction(value) else NOTHING

    def _of_member(self, node: ast.Attribute) -> Raised:
        """What a property raises, and what an attribute was made with: `act(TooManyStarts)`."""
        raised = NOTHING
        for owner in self._scope.of(node.value):
            if not isinstance(owner, Instance):
                continue
            for hint in alternatives(owner.hint):
                if not (isinstance(hint, type) and is_ours(hint)):
                    continue
                held = inspect.getattr_static(hint, node.attr, None)
                if isinstance(held, property):
                    raised |= self._analysis.of(held.fget, hint)
                scope = inference_of_init(hint)
                for value in assigned_in_init(hint).get(node.attr, []) if scope else []:
                    for name in ast.walk(value):
                        if isinstance(name, ast.Name) and scope is not None:
                            for known in scope.of(name):
                                if isinstance(known, Known) and isinstance(known.value, type):
                                    raised |= self._of_object(known.value)
        return raised

    def _call(self, node: ast.Call) -> Raised:
        raised = NOTHING
        if isinstance(node.func, ast.Attribute):
            raised |= self._expression(node.func.value)
            raised |= self._of_member(node.func)
        elif not isinstance(node.func, ast.Name):
            raised |= self._expression(node.func)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            raised |= self._expression(argument)
        for target in self._scope.of(node.func):
            raised |= self._called(target, node)
        return raised

    def _called(self, target: Value, node: ast.Call) -> Raised:
        if isinstance(target, Known):
            value = target.value
            if isinstance(value, type) and issubclass(value, ProblemError):
                return refusal_of(value)
            function = plain(value)
            return self._analysis.of(function, None, self._texts_for(function, node, skip=0))
        if isinstance(target, Bound):
            if target.owner is ServiceClient and target.function.__name__ in CALLS:
                return self._relayed(target.function.__name__, node)
            texts = self._texts_for(target.function, node, skip=1)
            return self._analysis.of(target.function, target.owner, texts)
        calls = [
            (cls.__call__, cls)
            for cls in alternatives(target.hint)
            if isinstance(cls, type) and is_ours(cls) and inspect.isfunction(cls.__call__)
        ]
        return frozenset().union(*(self._analysis.of(function, cls) for function, cls in calls))

    def _relayed(self, name: str, node: ast.Call) -> Raised:
        arguments = [fixed_text(argument, self._texts) for argument in node.args[:2]]
        fixed = CALLS[name]
        method, path = (fixed, arguments[0]) if fixed else (arguments[0], arguments[1])
        away = refusal_of(Unavailable)
        if self._owner is None or method is None or path is None:
            raise LookupError(f"{self._owner}: which path is called, line {node.lineno}?")
        return away | self._relay(self._owner, method, path)

    def _note_text(self, target: ast.expr, value: ast.expr) -> None:
        for part, assigned in assignments(target, value):
            text = fixed_text(assigned, self._texts)
            if isinstance(part, ast.Name) and text is not None:
                self._texts[part.id] = text

    def _texts_for(self, function: Any, node: ast.Call, skip: int) -> dict[str, str]:
        """Texts among the arguments, for helpers inside a client class alone."""
        module = getattr(function, "__module__", "") or ""
        if not module.startswith("mydocker_kit.clients") or not inspect.isfunction(function):
            return {}
        names = list(inspect.signature(function).parameters)[skip:]
        pairs = [*zip(names, node.args, strict=False), *((k.arg, k.value) for k in node.keywords)]
        texts = {name: fixed_text(value, self._texts) for name, value in pairs if name is not None}
        return {name: text for name, text in texts.items() if text is not None}
