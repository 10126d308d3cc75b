"""State of one environment over time: transitions, leases, restarts, reasons for its end."""
