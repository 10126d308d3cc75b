"""Machines that Terraform makes for pools, for operators; and how such a machine joins."""
