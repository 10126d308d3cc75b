"""HTTP to servers of others: an SSRF guard, time and size limits, no redirects."""
