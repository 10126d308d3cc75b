"""How the command-line programs of deploy fail: one sentence for a person, the rest in a log.

Code says what it is at with `doing`; an error collects these words on its way up. `guarded` runs a
program and turns what comes out of it into a sentence: which step, what was being done there, and
where the log is. The error itself, with its traceback, goes into that log alone: a person in front
of a terminal can do nothing with a Python error.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from mydocker_kit.docker.errors import EngineError

_DOING = "doing"
INTERRUPTED = 130
_LONGEST_SHOWN = 40
"""Characters of an argument: addresses, names and paths are mostly shorter, tokens longer."""


class CannotStart(Exception):
    """Something the person in front of the machine must change first; the message says what."""


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Note what is being done, for the sentence about an error in here."""
    try:
        yield
    except BaseException as error:
        error.__dict__.setdefault(_DOING, []).append(what)
        raise


def guarded(
    program: str,
    work: Callable[[], int],
    *,
    logs: Path | None = None,
    interrupted: str = "Interrupted.",
) -> int:
    """The exit code of `work`; 1 after one sentence on standard error where it fails.

    `logs` is the folder for the log of a failure; without it, the folder for temporary files.
    """
    try:
        return work()
    except CannotStart as error:
        print(f"\n{error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"\n{interrupted}", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        print(f"\n{_sentence(program, error, logs)}", file=sys.stderr)
    return 1


def _sentence(program: str, error: Exception, logs: Path | None) -> str:
    steps = error.__dict__.get(_DOING, [])
    where = f" at the step “{steps[-1]}”" if steps else ""
    inner = f", while {steps[0]}" if len(steps) > 1 else ""
    log = _written(program, error, steps, logs)
    log_hint = f"The whole story is in {log}." if log else "No log of it could be written."
    return f"{program} failed{where}{inner}: {_cause(error)} {log_hint}"


def _cause(error: Exception) -> str:
    """What went wrong, as far as a person can use it. Never a Python error's own words."""
    match error:
        case httpx.HTTPStatusError():
            return f"{_asked(error.request)} was answered with {error.response.status_code}."
        case httpx.TimeoutException():
            return f"{_asked(_request(error))} had no answer in time."
        case httpx.ConnectError():
            return f"nobody answers {_asked(_request(error))}."
        case httpx.HTTPError():
            return f"the connection of {_asked(_request(error))} broke off."
        case OSError(strerror=str(words)) if error.filename:
            return f"{error.filename}: {words}."
        case OSError(strerror=str(words)):
            return f"{words}."
        case EngineError():
            return f"the Docker engine refused: {str(error).strip().rstrip('.')}."
    return "this is a fault of MyDocker itself, please report it with the log."


def _request(error: httpx.HTTPError) -> httpx.Request | None:
    try:
        return error.request
    except RuntimeError:
        return None


def _asked(request: httpx.Request | None) -> str:
    if request is None:
        return "a request"
    where = "the Docker engine for" if request.url.host == "engine" else ""
    path = request.url.path if where else str(request.url.copy_with(query=None))
    return " ".join(part for part in (where, request.method, path) if part)


def _shown(argument: str) -> str:
    """An argument for a log that is sent along with a report: an invitation holds a token."""
    return argument if len(argument) <= _LONGEST_SHOWN else f"{argument[:8]}…"


def _written(program: str, error: Exception, steps: list[str], logs: Path | None) -> Path | None:
    """The log of this failure, readable by its owner alone; None where no folder takes it."""
    now = datetime.now(UTC)
    text = "\n".join(
        [
            f"{now.isoformat(timespec='seconds')} {program}",
            f"arguments: {json.dumps([_shown(argument) for argument in sys.argv[1:]])}",
            *(f"while: {step}" for step in steps),
            "",
            *traceback.format_exception(error),
        ]
    )
    name = f"failure-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for folder in (logs, Path(tempfile.gettempdir())):
        if folder is None:
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return path
    return None
