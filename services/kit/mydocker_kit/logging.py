"""JSON log events, each with the service and the id of the request that caused it."""

import logging
import sys
from typing import TextIO

import structlog

_NOISY = ("httpx", "httpcore", "aiodocker", "apscheduler", "asyncio", "sqlalchemy.engine")


def configure_logging(service: str, level: str = "INFO", file: TextIO | None = None) -> None:
    """One JSON object per line, on standard output unless a command needs that for itself."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.EventRenamer("event"),
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=file or sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """A logger of events: `log.info("environment.started", id=id)`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
