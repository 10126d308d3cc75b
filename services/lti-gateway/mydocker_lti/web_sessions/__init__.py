"""Web sessions: tickets, access and refresh tokens, revocation."""
