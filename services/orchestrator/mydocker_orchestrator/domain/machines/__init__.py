"""Machines that Terraform makes: what to do next, decided without a clock, a table or a process."""
