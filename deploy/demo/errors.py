"""Why the demo cannot go on: always one sentence that says what to do."""

from deploy.failures import CannotStart

__all__ = ["CannotStart", "ExampleMissing"]


class ExampleMissing(CannotStart):
    """The platform itself works; only an example could not be made. Nothing is undone for that."""
