"""How full a work folder is, in the steps at which people are warned. Pure."""

from enum import StrEnum

from mydocker_kit.contracts.orchestrator.environments import FolderUse


class FolderLevel(StrEnum):
    """Steps of a gauge."""

    FINE = "fine"
    WARNING = "warning"
    """From 80 %."""
    CRITICAL = "critical"
    """From 95 %."""
    FULL = "full"
    """Programs get \"no space left\"."""


_STEPS = (
    (0.995, FolderLevel.FULL),
    (0.95, FolderLevel.CRITICAL),
    (0.8, FolderLevel.WARNING),
)


def folder_level(use: FolderUse) -> FolderLevel:
    """By bytes or by files, whichever is nearer to its limit."""
    return next((level for share, level in _STEPS if use.share >= share), FolderLevel.FINE)


def is_limited_by_files(use: FolderUse) -> bool:
    """Whether the number of files is nearer to its limit than their size."""
    if use.allowed_files <= 0 or use.allowed_bytes <= 0:
        return False
    return use.used_files / use.allowed_files > use.used_bytes / use.allowed_bytes
