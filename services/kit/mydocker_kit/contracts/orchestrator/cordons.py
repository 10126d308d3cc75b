"""Why a node takes no new environments.

Whoever cordons a node records the cause as labels of the Swarm node, beside `mydocker.ready`: the
orchestrator, or the node's program. The orchestrator reads the labels back for operators.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from ..base import Contract

LABEL_CAUSE = "mydocker.cordon"
LABEL_DETAIL = "mydocker.cordon-detail"
MAX_DETAIL = 500
"""Characters of a detail: each node's labels are read with every observation of the Swarm."""


class CordonCause(StrEnum):
    """What cordoned a node."""

    NOT_CHECKED = "not_checked"
    """Its checks have not run yet."""
    CHECKS_FAILED = "checks_failed"
    HARDENING_DIFFERS = "hardening_differs"
    """The engine did not apply the security settings of a container there."""
    BY_HAND = "by_hand"
    """An operator called `deploy.node refuse`."""
    LEAVING = "leaving"
    """Its pool does not need it any more: it is removed once nobody uses it."""
    NOT_RECORDED = "not_recorded"
    """It was cordoned before causes were recorded, or its label was set in Swarm itself."""


class Cordon(Contract):
    """Why a node takes no new environments, and what exactly was observed."""

    cause: CordonCause
    detail: str = ""
    """Names of failed checks, or settings that differ, in the words of the program: English."""

    def labels(self) -> dict[str, str]:
        """The labels that record it on the Swarm node."""
        detail = {LABEL_DETAIL: self.detail[:MAX_DETAIL]} if self.detail else {}
        return {LABEL_CAUSE: self.cause.value, **detail}

    @classmethod
    def recorded(cls, labels: Mapping[str, str], *, was_checked: bool) -> Self:
        """Read back from a cordoned node; `was_checked`: it carries `mydocker.ready`."""
        unrecorded = CordonCause.NOT_RECORDED if was_checked else CordonCause.NOT_CHECKED
        cause = labels.get(LABEL_CAUSE, "")
        known = cause in set(CordonCause)
        detail = labels.get(LABEL_DETAIL, "")[:MAX_DETAIL]
        return cls(cause=CordonCause(cause) if known else unrecorded, detail=detail)


def without_cordon(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels of a node that takes environments again."""
    return {
        name: value for name, value in labels.items() if name not in (LABEL_CAUSE, LABEL_DETAIL)
    }
