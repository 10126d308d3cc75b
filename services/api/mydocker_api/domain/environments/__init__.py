"""Rules about one environment: its state, lease, resources and credentials."""
