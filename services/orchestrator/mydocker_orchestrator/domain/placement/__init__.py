"""Which node takes an environment: resource fit, queue, GPUs, direct ports."""
