"""The user a container runs as, and the failure when it cannot write its work folder. Pure."""

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_kit.contracts.orchestrator.work_folders import FolderUser


def container_user(configured: str, passwd: str) -> FolderUser | None:
    """The uid and gid of a container's `User` (`""`, `1000`, `1000:100`, `student`).

    `passwd` is the text of the image's `/etc/passwd`. None for a name that is not in it. A group
    given by name counts as the user's own.
    """
    name, _, group = configured.partition(":")
    entry = _entry(name or "0", passwd)
    if name.isdecimal() or not name:
        uid, gid = int(name or 0), entry.gid if entry else 0
    elif entry:
        uid, gid = entry.uid, entry.gid
    else:
        return None
    return FolderUser(uid=uid, gid=int(group) if group.isdecimal() else gid)


def _entry(name: str, passwd: str) -> FolderUser | None:
    for line in passwd.splitlines():
        fields = line.split(":")
        if len(fields) < 4 or name not in (fields[0], fields[2]):
            continue
        if fields[2].isdecimal() and fields[3].isdecimal():
            return FolderUser(uid=int(fields[2]), gid=int(fields[3]))
    return None


def not_writable_reason(path: str) -> Reason:
    """The failure of a start whose work folder could not be made writable."""
    return Reason(code=ReasonCode.FOLDER_NOT_WRITABLE, parameters={"path": path})
