"""Why the demo cannot go on: always one sentence that says what to do."""


class CannotStart(Exception):
    """Something the person in front of the machine must change first."""


class ExampleMissing(CannotStart):
    """The platform itself works; only an example could not be made. Nothing is undone for that."""
