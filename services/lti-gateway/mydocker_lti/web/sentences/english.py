"""Refusal pages in English."""

from collections.abc import Mapping

from ...domain.refusals import Advice
from .sentence import Sentence

SENTENCES: Mapping[Advice, Sentence] = {
    Advice.AGAIN: Sentence(
        "This page was already used",
        "An entry works once, and for ten minutes.",
        "Go back to your course and open the activity again.",
    ),
    Advice.SETUP: Sentence(
        "Entry refused",
        "Your course space sent a request that we cannot accept.",
        "Give the reference below to your teacher or to support.",
    ),
    Advice.NO_ROLE: Sentence(
        "No role in this course",
        "Your course space gives you no role here.",
        "Ask your teacher to enrol you in the course.",
    ),
    Advice.TEACHERS_ONLY: Sentence(
        "For teachers only",
        "Only a teacher of the course can choose content.",
        "Close this window and go back to the course.",
    ),
    Advice.UNSUPPORTED: Sentence(
        "Request not supported",
        "Your course space asks for a page that we do not have.",
        "Go back to your course and open the activity itself.",
    ),
    Advice.COOKIES: Sentence(
        "Your browser blocked the entry",
        "Your browser did not keep the cookie that this page needs.",
        "Open the activity in a new tab.",
    ),
    Advice.COOKIES_OFF: Sentence(
        "Your browser refuses all cookies",
        "Without a cookie this page cannot know that it is you.",
        "Allow cookies for this address, then open the activity again.",
    ),
    Advice.BUSY: Sentence(
        "Many people are arriving",
        "Too many openings were asked for within a minute.",
        "Wait a minute, then open the activity again.",
    ),
    Advice.AWAY: Sentence(
        "Temporarily unavailable",
        "A part of the service does not answer.",
        "Wait a minute, then open the activity again from your course.",
    ),
    Advice.CLOCK: Sentence(
        "The entry came too late",
        "The time of your course space and ours do not agree.",
        "Open the activity again; if this comes back, pass on the reference.",
    ),
    Advice.LMS_ERROR: Sentence(
        "Your course space did not confirm the entry",
        "It answered with an error.",
        "Go back to your course, sign in again and open the activity once more.",
    ),
    Advice.LMS_SIGNED_OUT: Sentence(
        "Your course session is over",
        "Your course space no longer recognises you.",
        "Sign in to your course space again, then open the activity.",
    ),
    Advice.NO_ENTRY: Sentence(
        "Entry refused",
        "Your account may not enter here.",
        "Give the reference below to your teacher or to support.",
    ),
    Advice.ACCOUNT_OFF: Sentence(
        "Your account is disabled",
        "An operator of the platform has disabled your account; your work is kept.",
        "Ask support why, and give them the reference below.",
    ),
    Advice.SIGN_IN_AGAIN: Sentence(
        "You are not signed in",
        "Signing in was interrupted, took more than ten minutes, or this page was used before.",
        "Sign in from the beginning.",
    ),
    Advice.SIGN_IN_REFUSED: Sentence(
        "Sign-in refused",
        "The place where you sign in sent an answer that we cannot accept.",
        "Try again; if this comes back, give the reference below to support.",
    ),
    Advice.SIGN_IN_AWAY: Sentence(
        "Signing in is not possible just now",
        "The place where you sign in, or a part of ours, does not answer.",
        "Wait a minute, then sign in again.",
    ),
    Advice.INVITE_AGAIN: Sentence(
        "This invitation is not valid",
        "It was used, it has expired or it was withdrawn; nothing was registered.",
        "Ask the operator of MyDocker for a new invitation.",
    ),
    Advice.REGISTER_AGAIN: Sentence(
        "Please begin the registration again",
        "Your platform gave no valid permission: one works once, and for an hour.",
        "Close this page, then do “Add LTI Advantage” again with the same address.",
    ),
    Advice.REGISTER_BUSY: Sentence(
        "The registration is under way",
        "A registration with this invitation has just begun.",
        "Wait a minute, then try again.",
    ),
    Advice.PASTE_THERE: Sentence(
        "This address is for your platform",
        "It is not opened in a browser: the invitation is valid and was not used.",
        "Paste it in Moodle: Manage tools, Tool URL, Add LTI Advantage.",
    ),
    Advice.PLATFORM_SILENT: Sentence(
        "Your platform does not answer",
        "Our server could not read the address that your platform gave it.",
        "Give the reference to the operator of MyDocker, who sees the address and may allow it.",
    ),
    Advice.PLATFORM_WRONG: Sentence(
        "Your platform does not fit",
        "What it says of itself is incomplete, or comes from another address than its own.",
        "Give the reference to the operator of MyDocker.",
    ),
    Advice.PLATFORM_REFUSED: Sentence(
        "Your platform refused the registration",
        "It answered with an error; nothing was registered on our side.",
        "Try again; if this comes back, give the reference to the operator of MyDocker.",
    ),
    Advice.NOT_APPROVED: Sentence(
        "Not approved yet",
        "Your course space is connected to MyDocker, but an operator has not approved it yet.",
        "Wait until an operator of MyDocker approves it, and pass on the reference.",
    ),
    Advice.SWITCHED_OFF: Sentence(
        "Access from this course space is switched off",
        "An administrator of MyDocker switched it off; your work is kept.",
        "Ask support why, and pass on the reference below.",
    ),
    Advice.ADDRESS_BARRED: Sentence(
        "The address of your platform is not called",
        "Our server calls https addresses on the open internet, and those that its operator named.",
        "Give these lines and the reference to the operator of MyDocker.",
    ),
    Advice.ISSUER_TAKEN: Sentence(
        "This identity of a platform is reserved",
        "It names a service by which people sign in already.",
        "Give the reference to the operator of MyDocker.",
    ),
    Advice.PLATFORM_KNOWN: Sentence(
        "This platform is known already",
        "It gives other addresses today than when it registered first; the old ones stay valid.",
        "Ask the operator of MyDocker to change them, and pass on the reference.",
    ),
}
