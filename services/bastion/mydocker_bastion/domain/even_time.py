"""How long a refusal waits, so that its time tells nothing about what was found."""


def rest(spent: float, step: float) -> float:
    """Seconds until the next whole multiple of `step`, for work that took `spent` seconds.

    Looking up a name that nobody bears takes less than asking an environment's SSH server, but
    both are answered after one step. Only what takes longer than a step is answered after two.
    """
    return step - spent % step if step > 0 else 0.0
