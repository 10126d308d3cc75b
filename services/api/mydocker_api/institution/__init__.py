"""The institution's name, logo, links and announcements."""
