"""The developer's platform: real services, database and edge; fakes of Docker. Needs no root.

`make dev-api` runs `python -m tests.support.dev`. The services are started as in the demo, by the
same supervisor with the same settings. Two of them run on the fakes that the tests use: the
orchestrator on a Swarm in memory, the builder on an engine that plays a script. So everything but
containers is real: launches from the demo LMS, tokens, PostgreSQL, the change stream, the edge.
"""
