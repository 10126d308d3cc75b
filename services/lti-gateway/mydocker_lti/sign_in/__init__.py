"""Sign-in without an LMS: OpenID Connect and CAS providers, account linking."""
