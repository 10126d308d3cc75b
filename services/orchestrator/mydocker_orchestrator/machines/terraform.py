"""Runs the terraform or tofu command in a work folder of its own for each pool."""

import asyncio
import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ..domain.machines.terraform import newer_state

_STATE = "terraform.tfstate"
_PLAN = "plan.bin"
_STOP_SECONDS = 60.0
"""For an interrupted Terraform to finish the call that it is in and to write its state."""
_POLL = 1.0
_PR_SET_PDEATHSIG = 1
Progress = Callable[[str, str | None], Awaitable[None]]
"""Called with the log so far and the state, about once a second."""


class TerraformFailed(Exception):
    """A command ended with an error; the text is what it wrote of it."""


class TerraformBusy(TerraformFailed):
    """A Terraform of an earlier process still works in this folder."""


class Terraform:
    """The command, and the modules that are installed."""

    def __init__(self, command: str, modules: Path, folder: Path) -> None:
        self._command = command or ("tofu" if shutil.which("tofu") else "terraform")
        self._modules, self._folder = modules, folder
        self._version: str | None = None

    def modules(self) -> tuple[str, ...]:
        """Names of the installed modules."""
        return tuple(sorted(path.parent.name for path in self._modules.glob("*/main.tf")))

    async def version(self) -> str:
        """`Terraform v1.11.4` or `OpenTofu v1.9.0`; empty where the command is not installed."""
        if self._version is None:
            if shutil.which(self._command) is None:
                return ""
            process = await asyncio.create_subprocess_exec(
                *(self._command, "version"),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
            )
            output, _ = await process.communicate()
            self._version = output.decode(errors="replace").partition("\n")[0].strip()
        return self._version

    def workspace(self, pool: str) -> "Workspace":
        """The work folder of a pool."""
        return Workspace(self._command, self._modules, self._folder / pool)


class Workspace:
    """A folder with a root module that calls the pool's module, its state, and its plan."""

    def __init__(self, command: str, modules: Path, folder: Path) -> None:
        self._command, self._modules, self._folder = command, modules, folder
        self.log = ""

    def take_up(self, stored: str | None) -> str | None:
        """Put the stored state here unless the one that is here is newer; the state to go on with.

        `TerraformBusy` while a Terraform of an earlier process still works here.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        self._refuse_if_locked()
        local = self.state()
        state = newer_state(stored, local)
        if state is not None and state != local:
            _write(self._folder / _STATE, state)
        return state

    def prepare(self, module: str, inputs: Mapping[str, Any], tokens: Mapping[str, str]) -> None:
        """Write the root module, which calls the module of the pool."""
        call = {"source": str((self._modules / module).resolve()), "tokens": "${var.tokens}"}
        root = {
            "terraform": {"backend": {"local": {"path": _STATE}}},
            "variable": {"tokens": {"type": "map(string)", "sensitive": True}},
            "module": {"machines": {**{key: _literal(v) for key, v in inputs.items()}, **call}},
        }
        _write(self._folder / "main.tf.json", json.dumps(root, indent=1))
        _write(self._folder / "terraform.tfvars.json", json.dumps({"tokens": dict(tokens)}))

    def state(self) -> str | None:
        """Terraform's state as it is in the folder now; None: none yet."""
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / _STATE).read_text(encoding="utf-8") or None
        return None

    async def init(self, progress: Progress) -> None:
        await self._run(["init", "-no-color"], progress)

    async def plan(self, progress: Progress) -> tuple[str, dict[str, Any]]:
        """Plan; its text, and its JSON."""
        await self._run(["plan", "-no-color", "-lock-timeout=30s", f"-out={_PLAN}"], progress)
        text = await self._output(["show", "-no-color", _PLAN])
        shown: dict[str, Any] = json.loads(await self._output(["show", "-json", _PLAN]))
        return text, shown

    async def apply(self, progress: Progress) -> None:
        """Do what the plan says. Cancelled, it lets Terraform write its state before it ends."""
        await self._run(["apply", "-no-color", "-lock-timeout=30s", _PLAN], progress)

    def _refuse_if_locked(self) -> None:
        """Terraform holds a POSIX lock on the state file while it works."""
        with contextlib.suppress(FileNotFoundError), (self._folder / _STATE).open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise TerraformBusy("an earlier Terraform still works here") from error

    async def _run(self, words: Sequence[str], progress: Progress) -> None:
        self.log += f"$ {Path(self._command).name} {' '.join(words)}\n"
        began = len(self.log)
        async with self._started(words, asyncio.subprocess.STDOUT) as process:
            reading = asyncio.ensure_future(self._collect(process))
            try:
                while not reading.done():
                    await asyncio.wait([reading], timeout=_POLL)
                    await progress(self.log, self.state())
                code = await process.wait()
            finally:
                await _end(process)
                reading.cancel()
        if code != 0:
            raise TerraformFailed(_error_of(self.log[began:]) or f"it ended with {code}")

    async def _collect(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
        while chunk := await process.stdout.read(4096):
            self.log += chunk.decode(errors="replace")

    async def _output(self, words: Sequence[str]) -> str:
        async with self._started(words, asyncio.subprocess.PIPE) as process:
            output, errors = await process.communicate()
        if process.returncode != 0:
            raise TerraformFailed(errors.decode(errors="replace").strip())
        return output.decode(errors="replace")

    @asynccontextmanager
    async def _started(
        self, words: Sequence[str], stderr: int
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        try:
            process = await asyncio.create_subprocess_exec(
                *(self._command, *words),
                cwd=self._folder,
                env=_environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                preexec_fn=_interrupt_with_parent,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise TerraformFailed(f"{self._command} is not installed") from error
        try:
            yield process
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Interrupt it, so that it writes its state; kill it if it does not end in time."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    waiting = asyncio.ensure_future(process.wait())
    # Not `await wait_for`: a second cancellation would leave the process behind.
    await asyncio.wait([waiting], timeout=_STOP_SECONDS)
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.wait([waiting])


def _interrupt_with_parent() -> None:
    """In the child: have the kernel interrupt it when the orchestrator dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _environment() -> dict[str, str]:
    """The orchestrator's environment, for the credentials of providers, without its own secrets."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith("MYDOCKER_")}
    config = passed.get("TF_CLI_CONFIG_FILE")
    if config and not Path(config).exists():
        passed["TF_CLI_CONFIG_FILE"] = os.devnull  # otherwise a warning in each log
    return {**passed, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}


def _literal(value: Any) -> Any:
    """A value that Terraform takes as it is: texts of JSON files are templates."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    return value


def _error_of(log: str) -> str:
    """The errors that a command wrote, without the frame around them."""
    lines = [text.strip("│╷╵ \t") for text in log.splitlines()]
    starts = [number for number, text in enumerate(lines) if text.startswith("Error:")]
    if not starts:
        return ""
    return "\n".join(text for text in lines[starts[0] :] if text)[:2000]


def _write(path: Path, text: str) -> None:
    """Replace the file at once, readable by this user only."""
    beside = path.with_name(f"{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
