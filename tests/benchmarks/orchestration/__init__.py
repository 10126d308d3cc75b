"""Benchmarks of builds, the planner, reconciling and starts."""
