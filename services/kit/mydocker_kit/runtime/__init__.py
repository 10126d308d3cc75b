"""How a service runs: its commands, its processes, its loops and jobs."""
