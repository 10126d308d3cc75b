"""Validation errors of a form: each field with a code that the browser translates."""

from collections.abc import Iterable

from mydocker_kit.errors import Invalid
from mydocker_kit.problems import FieldProblem

from ..domain.courses.checks import Flaw


class FieldsInvalid(Invalid):
    """Some fields are wrong; the problem names each."""

    code = "fields_invalid"
    title = "Some fields are not right"

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        super().__init__()
        self.fields = [
            FieldProblem(field=flaw.field, code=flaw.code, message=flaw.message) for flaw in flaws
        ]


def refuse(flaws: Iterable[Flaw]) -> None:
    """Raise `FieldsInvalid` when there is any flaw."""
    problems = list(flaws)
    if problems:
        raise FieldsInvalid(problems)
