"""Recurring work of a process: what runs, what wakes it early, and how often it runs anyway.

Followers read a change stream for ever and are begun again should they ever end. Reconcilers make
true what a table says; a lost wakeup costs them one period. Work at a moment is APScheduler's
(`retention`, `RosterSchedule`).
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta

from mydocker_kit.postgres.notify import Wakeup, listen
from mydocker_kit.runtime.loops import background, run_forever

from .arrivals.retention import retention
from .auth.revocations import follow_ended_sessions
from .build_contexts.retention import retention as context_retention
from .capacity import refresh as pools
from .change_log import CHANNEL as CHANGE_LOG
from .changes.leader import Leader
from .changes.retention import retention as change_log_retention
from .composition.services import Core, Services
from .environments import end_warnings
from .feed import CHANNEL
from .images.build_changes import follow_builds
from .orchestration import status_cache, uses
from .people.directory import disable, disabled_platforms
from .planning.samples import sampling
from .planning.schedule import planning_machines
from .retention.schedule import Retention
from .rosters.schedule import RosterSchedule
from .scores import service as scores
from .submissions import delivery as submissions

RECONNECT_AFTER = 1.0
"""Seconds until a follower that ended is begun again."""
DELIVER_EVERY = 5.0


@asynccontextmanager
async def edge_loops(core: Core) -> AsyncIterator[None]:
    """The loops that the answers to the edge need."""
    async with background(*_status_loops(core)):
        yield


@asynccontextmanager
async def api_loops(services: Services) -> AsyncIterator[None]:
    """All loops of the api."""
    async with (
        retention(services.sessions, services.clock),
        change_log_retention(services.sessions, services.clock),
        context_retention(
            services.sessions,
            services.clock,
            timedelta(days=services.settings.context_builds_days),
        ),
        RosterSchedule.of(services).running(),
        Retention.of(services).running(),
        sampling(services.sessions, services.statuses, services.clock),
        planning_machines(
            services.sessions,
            services.statuses,
            services.clients.orchestrator,
            services.clock,
        ),
        background(*_status_loops(services), *_followers(services), *_reconcilers(services)),
    ):
        yield


def _status_loops(core: Core) -> list[Awaitable[None]]:
    statuses, orchestrator = core.statuses, core.clients.orchestrator

    async def follow() -> None:
        await status_cache.follow_statuses(statuses, orchestrator)

    async def reload() -> None:
        await status_cache.reload_statuses(statuses, orchestrator)

    async def write_uses() -> None:
        await core.uses.flush(core.sessions)

    async def follow_sessions() -> None:
        await follow_ended_sessions(core.ended, core.clients.gateway)

    return [
        run_forever("follow", follow, Wakeup(), RECONNECT_AFTER),
        run_forever("ended", follow_sessions, Wakeup(), RECONNECT_AFTER),
        run_forever("uses", write_uses, Wakeup(), uses.FLUSH_EVERY),
        run_forever("live", reload, Wakeup(), status_cache.RELOAD_EVERY),
    ]


def _followers(services: Services) -> list[Awaitable[None]]:
    url = services.settings.database_url.get_secret_value()

    def receive(payload: str) -> None:
        services.feed.receive(payload)
        services.delivery.wakeup.set()  # a committed change may have changed a desired state

    async def listen_to_replicas() -> None:
        await listen(url, CHANNEL, receive)

    async def listen_to_changes() -> None:
        await listen(url, CHANGE_LOG, services.change_log.wake)

    async def follow() -> None:
        await follow_builds(services.feed, services.clients.builder)

    return [
        run_forever("listen", listen_to_replicas, Wakeup(), RECONNECT_AFTER),
        run_forever("change_log", listen_to_changes, Wakeup(), RECONNECT_AFTER),
        Leader(services).run(),
        run_forever("builds", follow, Wakeup(), RECONNECT_AFTER),
    ]


def _reconcilers(services: Services) -> list[Awaitable[None]]:
    delivery = services.delivery
    score_delivery = scores.ScoreDelivery.of(services)
    users = disable.DisabledUsersLoop.of(services)
    platforms = disabled_platforms.DisabledPlatformsLoop.of(services)
    warnings = end_warnings.EndWarnings.of(services)

    submitted = submissions.SubmissionDelivery.of(services)

    async def refresh_pools() -> None:
        await pools.refresh_pools(services.sessions, services.clients.orchestrator)

    return [
        run_forever("scores", score_delivery.step, Wakeup(), scores.EVERY),
        run_forever("shutting", users.step, services.disabled_users, disable.EVERY),
        run_forever(
            "platforms", platforms.step, services.ended.platform_disabled, disabled_platforms.EVERY
        ),
        run_forever("delivery", delivery.step, delivery.wakeup, DELIVER_EVERY),
        run_forever("submissions", submitted.step, services.submissions, submissions.EVERY),
        run_forever("pools", refresh_pools, Wakeup(), pools.EVERY),
        run_forever("ending", warnings.step, Wakeup(), end_warnings.EVERY),
    ]
