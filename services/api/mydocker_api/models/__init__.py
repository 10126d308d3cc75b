"""Tables and their small rules; importing this package knows them all."""

from .base import Base
from .context import ActivityEntry, Context, Enrolment, LaunchRecord, ResourceLink
from .course import Course, Membership
from .environment import AccessTicket, CourseRun, Environment, EnvironmentUse
from .images.build_context import BuildContext, ContextChunk, ContextChunkUse, Upload, UploadPiece
from .images.image import Build, Image
from .images.root_approval import RootApproval
from .institution import Institution
from .integration.change import Change, ChangeSource
from .integration.idempotency import IdempotencyKey
from .integration.webhook import DeliveryState, DisabledBecause, Webhook, WebhookDelivery
from .join_link import CourseJoin, JoinLink
from .people.api_token import ApiToken
from .people.erasure_request import ErasureRequest
from .people.identity import AccountLink, Identity, SshKey
from .people.share import Share
from .people.user import CATALOGUE_ISSUER, User
from .pool import KnownMachine, KnownPool, PoolSample
from .room import EnvironmentVisit, RoomMessage
from .roster import Roster, RosterEntry, SentScore
from .session import CourseSession, ExtraTimeGrant
from .work_files import CourseRetention, DownloadTicket, FolderErasure, Submission

__all__ = [
    "CATALOGUE_ISSUER",
    "AccessTicket",
    "AccountLink",
    "ActivityEntry",
    "ApiToken",
    "Base",
    "Build",
    "BuildContext",
    "Change",
    "ChangeSource",
    "Context",
    "ContextChunk",
    "ContextChunkUse",
    "Course",
    "CourseJoin",
    "CourseRetention",
    "CourseRun",
    "CourseSession",
    "DeliveryState",
    "DisabledBecause",
    "DownloadTicket",
    "Enrolment",
    "Environment",
    "EnvironmentUse",
    "EnvironmentVisit",
    "ErasureRequest",
    "ExtraTimeGrant",
    "FolderErasure",
    "IdempotencyKey",
    "Identity",
    "Image",
    "Institution",
    "JoinLink",
    "KnownMachine",
    "KnownPool",
    "LaunchRecord",
    "Membership",
    "PoolSample",
    "ResourceLink",
    "RoomMessage",
    "RootApproval",
    "Roster",
    "RosterEntry",
    "SentScore",
    "Share",
    "SshKey",
    "Submission",
    "Upload",
    "UploadPiece",
    "User",
    "Webhook",
    "WebhookDelivery",
]
