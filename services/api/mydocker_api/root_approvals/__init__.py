"""Approvals of builds that run as root where users are not remapped."""
