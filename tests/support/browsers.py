"""Debian's Chromium as every test starts it."""

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A launch changes the site of a frame three times. With a process per site, Playwright's
    # driver then sometimes takes the newest page for a stale one and never answers (on a busy
    # machine one launch in ten). Cookies and storage follow the site, not the process.
    "--disable-site-isolation-trials",
)
THIRD_PARTY_COOKIES_BLOCKED = "--test-third-party-cookie-phaseout"
