"""Machines made by Terraform.

Data flow: the api computes a plan for each pool from its timetable and queue and stores it here
(`service.follow`). `Scaler` compares plan, machines and Swarm (`domain.machines.decision`), writes
rows first, then cordons nodes and starts a run of Terraform in `runs`. A run makes Terraform's
state equal the rows: a machine is in it exactly while its row is neither removing nor removed.

Invariant: a row exists before its machine, and ends only after Terraform's state no longer has it.
So a crash at any instruction leaves rows from which the next step goes on: what is ordered is made,
what is removing is removed, and the state of an interrupted run is taken up from its work folder.
"""
