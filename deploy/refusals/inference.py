"""What an expression evaluates to, from annotations and assignments: enough to follow calls."""

import ast
import functools
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OURS = "mydocker_"
"""Beginning of the names of the packages whose functions are read."""
Function = Callable[..., Any]


@dataclass(frozen=True)
class Known:
    """An object that exists when modules are loaded: a function, class, module or constant."""

    value: Any


@dataclass(frozen=True)
class Instance:
    """Some value of this type."""

    hint: Any


@dataclass(frozen=True)
class Bound:
    """A method, with the class that it was looked up on."""

    function: Function
    owner: type


Value = Known | Instance | Bound
Environment = dict[str, list[Value]]


def is_ours(subject: Any) -> bool:
    """Whether a class or function belongs to a package of this project."""
    return (getattr(subject, "__module__", None) or "").startswith(OURS)


@functools.cache
def hints_of(subject: Any) -> Mapping[str, Any]:
    """The annotations of a class or function, evaluated; none where they cannot be."""
    try:
        return typing.get_type_hints(subject)
    except (NameError, TypeError, AttributeError):
        return {}


def alternatives(hint: Any) -> Iterator[Any]:
    """The classes and generic types that a hint allows, without `None`."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from alternatives(part)
    elif origin is typing.Annotated:
        yield from alternatives(typing.get_args(hint)[0])
    elif hint is not type(None):
        yield hint


def element(values: Sequence[Value]) -> list[Value]:
    """What an iteration over such a value, or a context manager made of it, yields."""
    parts: list[Value] = []
    for value in values:
        if isinstance(value, Instance):
            for hint in alternatives(value.hint):
                arguments = typing.get_args(hint)
                if arguments and arguments[0] is not Ellipsis:
                    parts.append(Instance(arguments[0]))
                elif isinstance(hint, type) and hasattr(hint, "__aenter__"):
                    parts.append(Instance(hint))
    return parts


def part(values: Sequence[Value], index: int) -> list[Value]:
    """One component of a tuple; for other collections, any element."""
    for value in values:
        if isinstance(value, Instance):
            for hint in alternatives(value.hint):
                arguments = typing.get_args(hint)
                if typing.get_origin(hint) is tuple and index < len(arguments):
                    if arguments[-1] is Ellipsis:
                        return [Instance(arguments[0])]
                    return [Instance(arguments[index])]
    return element(values)


def names_in(function: Function) -> Mapping[str, Any]:
    """What names mean inside this function: its module's globals, and what it closes over."""
    closure = inspect.getclosurevars(function).nonlocals if function.__closure__ else {}
    return {**function.__globals__, **closure}


def parameters_of(function: Function, owner: type | None) -> Environment:
    """The parameters of a function with their types; `self` is an instance of `owner`."""
    environment: Environment = {
        name: [Instance(hint)] for name, hint in hints_of(function).items() if name != "return"
    }
    if owner is not None:
        first = next(iter(inspect.signature(function).parameters), None)
        if first is not None and first not in environment:
            environment[first] = [Known(owner) if first == "cls" else Instance(owner)]
    return environment


@functools.cache
def _functions_in(path: str) -> Mapping[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    return {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def syntax_of(function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The definition of a function of ours; None for others and for lambdas."""
    code = getattr(function, "__code__", None)
    if code is None or not is_ours(function):
        return None
    if not code.co_filename.endswith(".py"):
        return None  # methods that `dataclasses` writes
    return _functions_in(code.co_filename).get(code.co_firstlineno)


def plain(function: Any) -> Any:
    """The function below decorators and `functools.partial`."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif isinstance(function, types.MethodType):
            function = function.__func__
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            return function


class Inference:
    """Types of expressions in one function."""

    def __init__(self, names: Mapping[str, Any], environment: Environment) -> None:
        self.names, self.environment = names, environment

    def of(self, node: ast.expr) -> list[Value]:
        """What `node` may evaluate to; nothing where that is not known."""
        match node:
            case ast.Name(id=name):
                if name in self.environment:
                    return self.environment[name]
                return [Known(self.names[name])] if name in self.names else []
            case ast.Attribute(value=base, attr=name):
                return [value for owner in self.of(base) for value in attribute(owner, name)]
            case ast.Await(value=inner) | ast.NamedExpr(value=inner) | ast.Starred(value=inner):
                return self.of(inner)
            case ast.Call():
                return [value for called in self.of(node.func) for value in result(called)]
            case ast.BoolOp(values=operands):
                return [value for operand in operands for value in self.of(operand)]
            case ast.IfExp(body=body, orelse=orelse):
                return self.of(body) + self.of(orelse)
            case ast.Subscript(value=base):
                return element(self.of(base))
        return []

    def bind(self, target: ast.expr, values: list[Value]) -> None:
        """Note what a target of an assignment holds from here on."""
        match target:
            case ast.Name(id=name):
                if values:
                    self.environment[name] = [*self.environment.get(name, []), *values]
                else:
                    self.environment.setdefault(name, [])
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for index, inner in enumerate(targets):
                    self.bind(inner, part(values, index))
            case ast.Starred(value=inner):
                self.bind(inner, [])


def result(called: Value) -> list[Value]:
    """What a call returns; an awaitable counts as its result."""
    if isinstance(called, Known) and isinstance(called.value, type):
        return [Instance(called.value)]
    if isinstance(called, Instance):
        return [
            value
            for hint in alternatives(called.hint)
            for bound in attribute(Instance(hint), "__call__")
            for value in result(bound)
        ]
    function = plain(called.function if isinstance(called, Bound) else called.value)
    returned = hints_of(function).get("return") if callable(function) else None
    if returned is None:
        return []
    if isinstance(called, Bound) and returned is typing.Self:
        return [Instance(called.owner)]
    return [Instance(returned)]


def attribute(owner: Value, name: str) -> list[Value]:
    """What `owner.name` is."""
    if isinstance(owner, Known):
        value = owner.value
        if isinstance(value, type) and is_ours(value):
            method = inspect.getattr_static(value, name, None)
            if isinstance(method, classmethod | staticmethod):
                return [Bound(method.__func__, value)]
        if isinstance(value, types.ModuleType | type):
            return [Known(getattr(value, name))] if hasattr(value, name) else []
        return attribute(Instance(type(value)), name)
    if isinstance(owner, Bound):
        return []
    values: list[Value] = []
    for hint in alternatives(owner.hint):
        cls = typing.get_origin(hint) or hint
        if isinstance(cls, type) and is_ours(cls):
            values += _member(cls, name)
    return values


@functools.cache
def _member(cls: type, name: str) -> list[Value]:
    held = inspect.getattr_static(cls, name, None)
    if isinstance(held, property | functools.cached_property):
        getter = held.fget if isinstance(held, property) else held.func
        return [Instance(hints_of(getter).get("return"))]
    if isinstance(held, classmethod | staticmethod):
        return [Bound(held.__func__, cls)]
    if inspect.isfunction(held):
        return [Bound(held, cls)]
    if name in hints_of(cls):
        return [Instance(hints_of(cls)[name])]
    for value in assigned_in_init(cls).get(name, []):
        scope = inference_of_init(cls)
        if scope is not None and (values := scope.of(value)):
            return values
    return []


def _maker(cls: type) -> Any:
    return plain(inspect.getattr_static(cls, "__init__"))


@functools.cache
def inference_of_init(cls: type) -> Inference | None:
    """The types inside `__init__`; None where it is not ours."""
    function = _maker(cls)
    definition = syntax_of(function)
    if definition is None:
        return None
    scope = Inference(names_in(function), parameters_of(function, cls))
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef):
            scope.environment[node.name] = _declared_result(node, scope.names)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            scope.bind(node.targets[0], scope.of(node.value))
    return scope


def _declared_result(node: ast.FunctionDef, names: Mapping[str, Any]) -> list[Value]:
    """A function within a function, as something that returns what it declares."""
    if not isinstance(node.returns, ast.Name) or node.returns.id not in names:
        return []
    return [Known(names[node.returns.id])]  # calling a class gives an instance of it as well


@functools.cache
def assigned_in_init(cls: type) -> Mapping[str, list[ast.expr]]:
    """The expressions that `__init__` assigns to attributes of `self`."""
    assigned: dict[str, list[ast.expr]] = {}
    definition = syntax_of(_maker(cls))
    for node in ast.walk(definition) if definition else ():
        if isinstance(node, ast.Assign):
            for target, value in assignments(node.targets[0], node.value):
                if isinstance(target, ast.Attribute):
                    assigned.setdefault(target.attr, []).append(value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            for target, value in assignments(node.target, node.value):
                if isinstance(target, ast.Attribute):
                    assigned.setdefault(target.attr, []).append(value)
    return assigned


def assignments(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Targets with what each gets; a tuple that is assigned to a tuple part by part."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]
