"""GuardedHttpClient HTTP with an SSRF guard."""
