"""What endpoints depend on."""

from typing import Annotated

from fastapi import Depends, Request

from mydocker_kit.db import Sessions
from mydocker_kit.notify import Hub


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


async def _changes(request: Request) -> Hub[None]:
    changes: Hub[None] = request.app.state.changes
    return changes


async def _most_waiting(request: Request) -> int:
    most: int = request.app.state.most_waiting
    return most


MostWaiting = Annotated[int, Depends(_most_waiting)]
OpenSessions = Annotated[Sessions, Depends(_sessions)]
Changes = Annotated[Hub[None], Depends(_changes)]
