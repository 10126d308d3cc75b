"""JSON log events, each with the service and the id of the request that caused it."""

import logging
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, TextIO

import structlog

from .log_safety import describe, describe_exceptions, render, without_secrets

_NOISY = ("httpx", "httpcore", "aiodocker", "apscheduler", "asyncio", "sqlalchemy.engine")
_EVENT_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    describe_exceptions,
]


def configure_logging(
    service: str, level: str = "INFO", file: TextIO | None = None, *, cache: bool = True
) -> None:
    """One JSON object per line, on standard output unless a command needs that for itself.

    What libraries log comes out in the same form and under the same rules (`log_safety`). Without
    `cache`, each use finds its output anew: tests replace `sys.stdout`.
    """
    structlog.configure(
        processors=[*_EVENT_PROCESSORS, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=file),
        cache_logger_on_first_use=cache,
    )
    structlog.contextvars.bind_contextvars(service=service)
    root = logging.getLogger()
    for handler in [own for own in root.handlers if isinstance(own, LibraryEvents)]:
        root.removeHandler(handler)
    root.addHandler(LibraryEvents(file))
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class LibraryEvents(logging.Handler):
    """What a library logs, as one of our events.

    Only the first line of the message is kept: asyncio and uvicorn put the text of an exception,
    or of a whole traceback, behind it.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # nothing may fail because it could not be logged
            (self._file or sys.stdout).write(f"{event_of(record)}\n")


def event_of(record: logging.LogRecord) -> str:
    """The line that is written for a library's record."""
    record = logging.makeLogRecord(record.__dict__)
    if isinstance(record.args, tuple):
        record.args = tuple(_harmless(argument) for argument in record.args)
    message = record.getMessage().partition("\n")[0]
    event: structlog.typing.EventDict = {
        "event": without_secrets(message),
        "logger": record.name,
        "exc_info": record.exc_info,
    }
    level = record.levelname.lower()
    for process in _EVENT_PROCESSORS:
        event = process(None, level, event)  # type: ignore[assignment]
    return render(None, level, event)


def _harmless(argument: object) -> object:
    return _Description(describe(argument)) if isinstance(argument, BaseException) else argument


class _Description(str):
    """Text that `%r` does not quote."""

    __slots__ = ()
    __repr__ = str.__str__


def log_uncaught() -> None:
    """Log what ends the program, as an event; the interpreter would print messages with values."""

    def hook(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        get_logger().critical("program.failed", exc_info=error)

    def ignored(error: Any) -> None:
        get_logger().error("error.ignored", exc_info=error.exc_value)

    sys.excepthook, sys.unraisablehook = hook, ignored


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """A logger of events: `log.info("environment.started", id=id)`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
