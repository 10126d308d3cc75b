"""Capacity: what sessions need over time, and the machines that answer it.

One chain of pure functions, used by the check of a session, the forecast and the dry run:

1. `demand` turns sessions and running environments into demands: so many environments of one size,
   from when to when.
2. `packing` puts whole environments on machines (8 environments of 1.5 CPUs do not fit on two
   machines of 5 CPUs, although the sums would).
3. `plan` sweeps over time and answers, for one pool, how many machines each moment needs, how many
   there will be, and why they differ: maximum, lead time, budget.
4. `room` answers for one more session: free, tight or impossible, with free slots nearby.
5. `dry_run` answers when each student of a session would be ready.

A pool has machines with at most one kind of GPU, so that counting GPUs by pool counts them by kind.
Nothing here reads a clock or a table: the same arguments give the same answer.
"""
