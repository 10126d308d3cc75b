"""Reasons for refusing an entry: a code for operators, advice for the person."""

from collections.abc import Mapping
from enum import StrEnum

from mydocker_kit.errors import ProblemError
from mydocker_kit.outgoing.addresses import ForbiddenAddress


class Advice(StrEnum):
    """The text that the refusal page shows; several reasons share one."""

    AGAIN = "again"
    SETUP = "setup"
    NO_ROLE = "no_role"
    TEACHERS_ONLY = "teachers_only"
    UNSUPPORTED = "unsupported"
    COOKIES = "cookies"
    COOKIES_OFF = "cookies_off"
    BUSY = "busy"
    AWAY = "away"
    CLOCK = "clock"
    LMS_ERROR = "lms_error"
    LMS_SIGNED_OUT = "lms_signed_out"
    NO_ENTRY = "no_entry"
    ACCOUNT_OFF = "account_off"
    SIGN_IN_AGAIN = "sign_in_again"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_IN_AWAY = "sign_in_away"
    INVITE_AGAIN = "invite_again"
    REGISTER_AGAIN = "register_again"
    REGISTER_BUSY = "register_busy"
    PASTE_THERE = "paste_there"
    PLATFORM_SILENT = "platform_silent"
    PLATFORM_WRONG = "platform_wrong"
    PLATFORM_REFUSED = "platform_refused"
    PLATFORM_KNOWN = "platform_known"
    NOT_APPROVED = "not_approved"
    SWITCHED_OFF = "switched_off"
    ADDRESS_BARRED = "address_barred"
    ISSUER_TAKEN = "issuer_taken"


class Reason(StrEnum):
    """The code in the log event, the metric and the operator's page; never shown to the person."""

    # login initiation
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_REPEATED = "parameter_repeated"
    REQUEST_MALFORMED = "request_malformed"
    REQUEST_TOO_LARGE = "request_too_large"
    PLATFORM_UNKNOWN = "platform_unknown"
    PLATFORM_AMBIGUOUS = "platform_ambiguous"
    PLATFORM_DISABLED = "platform_disabled"
    PLATFORM_PENDING = "platform_pending"
    TARGET_FOREIGN = "target_foreign"
    TARGET_CHANGED = "target_changed"
    TOO_MANY_LAUNCHES = "too_many_launches"
    LMS_SIGNED_OUT = "lms_signed_out"
    OPENED_DIRECTLY = "opened_directly"
    # state
    STATE_MISSING = "state_missing"
    STATE_UNKNOWN = "state_unknown"
    STATE_EXPIRED = "state_expired"
    STATE_SPENT = "state_spent"
    STATE_COOKIE_MISSING = "state_cookie_missing"
    STATE_OTHER_BROWSER = "state_other_browser"
    STATE_PROOF_FOREIGN = "state_proof_foreign"
    COOKIES_REFUSED = "cookies_refused"
    PLATFORM_ERROR = "platform_error"
    ERROR_WITH_TOKEN = "error_with_token"  # noqa: S105
    # sign-in without an LMS
    PROVIDER_UNKNOWN = "provider_unknown"
    PROVIDER_AWAY = "provider_away"
    PROVIDER_ERROR = "provider_error"
    CODE_REFUSED = "code_refused"
    TICKET_REFUSED = "ticket_refused"
    ANSWER_MALFORMED = "answer_malformed"
    ID_TOKEN_WRONG = "id_token_wrong"  # noqa: S105
    PROOF_STALE = "proof_stale"
    LINKING_SESSION_OVER = "linking_session_over"
    # token
    TOKEN_MISSING = "token_missing"  # noqa: S105
    TOKEN_MALFORMED = "token_malformed"  # noqa: S105
    ALGORITHM_REFUSED = "algorithm_refused"
    CRITICAL_HEADER = "critical_header"
    KEY_ID_MISSING = "key_id_missing"
    KEY_UNKNOWN = "key_unknown"
    KEYS_UNAVAILABLE = "keys_unavailable"
    SIGNATURE_WRONG = "signature_wrong"
    # claims
    CLAIM_INVALID = "claim_invalid"
    ISSUER_FOREIGN = "issuer_foreign"
    AUDIENCE_FOREIGN = "audience_foreign"
    PARTY_FOREIGN = "party_foreign"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    TOKEN_TOO_OLD = "token_too_old"  # noqa: S105
    TOKEN_FROM_FUTURE = "token_from_future"  # noqa: S105
    NONCE_WRONG = "nonce_wrong"
    VERSION_UNSUPPORTED = "version_unsupported"
    MESSAGE_UNSUPPORTED = "message_unsupported"
    DEPLOYMENT_UNKNOWN = "deployment_unknown"
    DEPLOYMENT_PENDING = "deployment_pending"
    DEPLOYMENT_DISABLED = "deployment_disabled"
    CONTENT_UNSUPPORTED = "content_unsupported"
    # rights
    ROLES_EMPTY = "roles_empty"
    TEACHERS_ONLY = "teachers_only"
    ENTRY_REFUSED = "entry_refused"
    USER_DISABLED = "user_disabled"
    # dynamic registration
    INVITATION_UNKNOWN = "invitation_unknown"
    INVITATION_USED = "invitation_used"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_HELD = "invitation_held"
    CONFIGURATION_MISSING = "configuration_missing"
    CONFIGURATION_BARRED = "configuration_barred"
    CONFIGURATION_AWAY = "configuration_away"
    CONFIGURATION_WRONG = "configuration_wrong"
    CONFIGURATION_FOREIGN = "configuration_foreign"
    REGISTRATION_TOKEN_MISSING = "registration_token_missing"  # noqa: S105
    REGISTRATION_TOKEN_REFUSED = "registration_token_refused"  # noqa: S105
    REGISTRATION_REFUSED = "registration_refused"
    REGISTRATION_AWAY = "registration_away"
    REGISTRATION_UNREADABLE = "registration_unreadable"
    PLATFORM_CHANGED = "platform_changed"
    ISSUER_RESERVED = "issuer_reserved"
    # failures on our side
    CLOCK_STEPPED = "clock_stepped"
    API_AWAY = "api_away"
    DATABASE_AWAY = "database_away"


_ADVICE = {
    Reason.PLATFORM_PENDING: Advice.NOT_APPROVED,
    Reason.PLATFORM_DISABLED: Advice.SWITCHED_OFF,
    Reason.DEPLOYMENT_PENDING: Advice.NOT_APPROVED,
    Reason.DEPLOYMENT_DISABLED: Advice.SWITCHED_OFF,
    Reason.ISSUER_RESERVED: Advice.ISSUER_TAKEN,
    Reason.TOO_MANY_LAUNCHES: Advice.BUSY,
    Reason.LMS_SIGNED_OUT: Advice.LMS_SIGNED_OUT,
    Reason.OPENED_DIRECTLY: Advice.AGAIN,
    Reason.STATE_MISSING: Advice.AGAIN,
    Reason.STATE_UNKNOWN: Advice.AGAIN,
    Reason.STATE_EXPIRED: Advice.AGAIN,
    Reason.STATE_SPENT: Advice.AGAIN,
    Reason.STATE_OTHER_BROWSER: Advice.AGAIN,
    Reason.STATE_PROOF_FOREIGN: Advice.AGAIN,
    Reason.STATE_COOKIE_MISSING: Advice.COOKIES,
    Reason.COOKIES_REFUSED: Advice.COOKIES_OFF,
    Reason.PLATFORM_ERROR: Advice.LMS_ERROR,
    Reason.PROVIDER_ERROR: Advice.SIGN_IN_AGAIN,
    Reason.PROVIDER_AWAY: Advice.SIGN_IN_AWAY,
    Reason.LINKING_SESSION_OVER: Advice.SIGN_IN_AGAIN,
    Reason.TOKEN_EXPIRED: Advice.CLOCK,
    Reason.TOKEN_TOO_OLD: Advice.CLOCK,
    Reason.TOKEN_FROM_FUTURE: Advice.CLOCK,
    Reason.CLOCK_STEPPED: Advice.CLOCK,
    Reason.MESSAGE_UNSUPPORTED: Advice.UNSUPPORTED,
    Reason.CONTENT_UNSUPPORTED: Advice.UNSUPPORTED,
    Reason.ROLES_EMPTY: Advice.NO_ROLE,
    Reason.TEACHERS_ONLY: Advice.TEACHERS_ONLY,
    Reason.ENTRY_REFUSED: Advice.NO_ENTRY,
    Reason.USER_DISABLED: Advice.ACCOUNT_OFF,
    Reason.INVITATION_UNKNOWN: Advice.INVITE_AGAIN,
    Reason.INVITATION_USED: Advice.INVITE_AGAIN,
    Reason.INVITATION_EXPIRED: Advice.INVITE_AGAIN,
    Reason.INVITATION_WITHDRAWN: Advice.INVITE_AGAIN,
    Reason.INVITATION_HELD: Advice.REGISTER_BUSY,
    Reason.CONFIGURATION_MISSING: Advice.PASTE_THERE,
    Reason.CONFIGURATION_BARRED: Advice.ADDRESS_BARRED,
    Reason.CONFIGURATION_AWAY: Advice.PLATFORM_SILENT,
    Reason.CONFIGURATION_WRONG: Advice.PLATFORM_WRONG,
    Reason.CONFIGURATION_FOREIGN: Advice.PLATFORM_WRONG,
    Reason.REGISTRATION_TOKEN_MISSING: Advice.REGISTER_AGAIN,
    Reason.REGISTRATION_TOKEN_REFUSED: Advice.REGISTER_AGAIN,
    Reason.REGISTRATION_REFUSED: Advice.PLATFORM_REFUSED,
    Reason.REGISTRATION_AWAY: Advice.PLATFORM_SILENT,
    Reason.REGISTRATION_UNREADABLE: Advice.PLATFORM_REFUSED,
    Reason.PLATFORM_CHANGED: Advice.PLATFORM_KNOWN,
    Reason.API_AWAY: Advice.AWAY,
    Reason.DATABASE_AWAY: Advice.AWAY,
}
_STATUS: Mapping[Advice | Reason, int] = {
    Reason.OPENED_DIRECTLY: 405,
    Advice.BUSY: 429,
    Advice.AWAY: 503,
    Reason.PROVIDER_AWAY: 503,
    Advice.NO_ROLE: 403,
    Advice.TEACHERS_ONLY: 403,
    Advice.NO_ENTRY: 403,
    Advice.ACCOUNT_OFF: 403,
    Advice.NOT_APPROVED: 403,
    Advice.SWITCHED_OFF: 403,
    Advice.ISSUER_TAKEN: 409,
    Advice.ADDRESS_BARRED: 502,
    Advice.INVITE_AGAIN: 403,
    Advice.REGISTER_BUSY: 409,
    Advice.PLATFORM_KNOWN: 409,
    Advice.PLATFORM_SILENT: 502,
    Advice.PLATFORM_REFUSED: 502,
}


class EntryRefused(ProblemError):
    """The entry is refused: the browser gets a page in the person's language.

    `facts` are for operators and hold no secret and no personal data. What is known of the entry
    itself is in the request's `EntryContext`; the refusal handler joins the two.
    """

    code = "entry_refused"

    def __init__(
        self, reason: Reason, barred: ForbiddenAddress | None = None, **facts: str | int | None
    ) -> None:
        """`barred`: the address of a platform that is not called, shown with how to allow it."""
        super().__init__(reason.value)
        self.reason, self.barred = reason, barred
        self.advice = _ADVICE.get(reason, Advice.SETUP)
        self.status = _STATUS.get(reason) or _STATUS.get(self.advice, 400)
        self.facts: Mapping[str, str | int | None] = facts
