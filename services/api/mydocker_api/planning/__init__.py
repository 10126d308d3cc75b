"""Demand of sessions against the capacity of pools: room, forecast, requests, samples.

The rules are in `domain.capacity`; here rows and observed statuses become their arguments. Every
save of a session takes the advisory lock of its pool before it looks for room (`service.reserve`),
so that two saves at once cannot both take the last room.
"""
