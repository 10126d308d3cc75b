"""Tables and their small rules; importing this package knows them all."""

from .api_token import ApiToken
from .base import Base
from .context import ActivityEntry, Context, Enrolment, LaunchRecord, ResourceLink
from .course import Course, Membership
from .environment import AccessTicket, Environment
from .identity import AccountLink, Identity, SshKey
from .image import Build, Image
from .pool import KnownPool
from .root_approval import RootApproval
from .roster import Roster, RosterEntry, SentScore
from .session import CourseSession
from .user import User

__all__ = [
    "AccessTicket",
    "AccountLink",
    "ActivityEntry",
    "ApiToken",
    "Base",
    "Build",
    "Context",
    "Course",
    "CourseSession",
    "Enrolment",
    "Environment",
    "Identity",
    "Image",
    "KnownPool",
    "LaunchRecord",
    "Membership",
    "ResourceLink",
    "RootApproval",
    "Roster",
    "RosterEntry",
    "SentScore",
    "SshKey",
    "User",
]
