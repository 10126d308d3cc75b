"""Delays of refusals, so that their time does not reveal what was found."""


def delay_to_next_step(spent: float, step: float) -> float:
    """Seconds until the next multiple of `step`, for work that took `spent` seconds.

    Looking up an unknown name takes less time than asking an environment's SSH server, but both are
    answered after one step. Only what takes longer than a step is answered after two.
    """
    return step - spent % step if step > 0 else 0.0
