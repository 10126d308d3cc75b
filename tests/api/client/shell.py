"""The command `mydocker` as a shell runs it: a process of its own, against the real api."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "clients/python"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Somebody at a terminal, with a configuration folder of their own."""

    folder: Path
    variables: dict[str, str]

    async def run(self, *command: str, stdin: str = "") -> Ended:
        """Run a program with these arguments, here."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "PYTHONPATH": str(CLIENT),
                "LC_ALL": "C.UTF-8",
                **self.variables,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 120)
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def mydocker(self, *arguments: str, stdin: str = "") -> Ended:
        """Run `mydocker` with these arguments."""
        return await self.run(sys.executable, "-m", "mydocker_client", *arguments, stdin=stdin)

    async def done(self, *arguments: str, stdin: str = "") -> Ended:
        """The same, which must succeed."""
        ended = await self.mydocker(*arguments, stdin=stdin)
        assert ended.code == 0, ended.err or ended.out
        return ended
