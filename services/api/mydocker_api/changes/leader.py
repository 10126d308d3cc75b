"""Work of one process at a time: changes, webhooks, idle stops, trials, catalogue builds."""

import asyncio
from contextlib import aclosing

from mydocker_kit.outgoing.pinned_dns import PinnedTransport
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.runtime.loops import run_forever, while_leader

from ..catalogue_images import prebuilding as catalogue_builds
from ..composition.services import Services
from ..environments import idle
from ..trials import retention as trials
from ..webhooks import delivery
from ..webhooks.sender import Sender
from . import numbering
from .sources import PLATFORMS_EVERY, Sources

_LOCK = 0x6D796368
"""Of the database, for whoever holds the change log."""
_RECONNECT_AFTER = 1.0


class Leader:
    """What the elected process does."""

    def __init__(self, services: Services, transport: PinnedTransport | None = None) -> None:
        self._services, self._transport = services, transport

    async def run(self) -> None:
        """Lead whenever elected, until cancelled."""
        await while_leader(self._services.engine, _LOCK, self._lead)

    async def _lead(self) -> None:
        services, wakeup = self._services, Wakeup()
        numbers = numbering.Numbering(services.sessions, services.clock)
        clients = services.clients
        sources = Sources(
            services.sessions,
            clients.orchestrator,
            clients.builder,
            clients.gateway,
            services.clock,
        )
        sender = Sender(services.settings.webhook_reach, self._transport)
        deliveries = delivery.Deliveries(
            services.sessions, services.vault, sender, services.clock, wakeup
        )

        idle_stops = idle.IdleStops.of(services)
        forgotten_trials = trials.Forgetting.of(services)
        builds = catalogue_builds.CatalogueBuilds.of(services)

        async def number() -> None:
            await numbers.step()
            wakeup.set()  # there may be something to deliver

        async with aclosing(deliveries), asyncio.TaskGroup() as group:
            for loop in (
                run_forever("changes", number, services.change_log.wakeup, numbering.EVERY),
                run_forever("webhooks", deliveries.step, wakeup, delivery.EVERY),
                run_forever(
                    "sources.environments",
                    sources.follow_environments,
                    Wakeup(),
                    _RECONNECT_AFTER,
                ),
                run_forever("sources.platforms", sources.read_platforms, Wakeup(), PLATFORMS_EVERY),
                run_forever("idle", idle_stops.step, Wakeup(), idle.EVERY),
                run_forever("trials", forgotten_trials.step, Wakeup(), trials.EVERY),
                run_forever("catalogue", builds.step, Wakeup(), catalogue_builds.EVERY),
                run_forever("sources.builds", sources.follow_builds, Wakeup(), _RECONNECT_AFTER),
            ):
                group.create_task(loop)
