"""Platform registrations: administration, invitations, dynamic registration."""
