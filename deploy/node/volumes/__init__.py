"""Docker's volume plugin of a node: work folders with a size that the kernel enforces.

A program of its own (`python -m deploy.node.volumes`), apart from the agent, because an engine
whose plugin does not answer retries for 30 s and then rejects the start. It imports the standard
library only, so that it answers within a fraction of a second after a restart.

Data flow: the engine calls the plugin protocol v1 over a unix socket (`protocol`): `Create` when a
task is prepared, `Mount` before a container starts, `Unmount` after it ended. `volumes` keeps one
record per volume (`records`) and calls a backend (`backend`) for the file system. The agent and the
orchestrator use further calls on the same socket: usage, size, health.

Invariant: the record is written before the backend is changed where the change takes away, after
it where the change adds; so a crash at any instruction leaves a volume whose files are all there,
and the next call finishes what was begun. No call deletes files except `Remove`.
"""
