"""Which refusals each operation of a service can answer, derived from the code.

A refusal is a subclass of `ProblemError`. The functions behind a route (its dependencies and its
endpoint) are read as syntax trees, and calls are followed into functions and methods of our own
packages. A call's target is known from the annotations, which `mypy --strict` keeps complete:
`inference` answers what an expression evaluates to, `raised` follows the calls and collects what is
raised and not caught, `operations` adds what the framework and the middleware refuse, and what
other services answer to calls of the typed clients.

The result errs on the side of too much: a branch that never runs counts. What it would miss is
found by the tests of the api: they fail when an answer has a code that its operation does not
declare (`tests/support/generated/declared.py`).
"""
