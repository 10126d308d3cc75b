"""Rules about requests to environments: host labels and upstreams."""
