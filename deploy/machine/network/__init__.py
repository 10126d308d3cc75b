"""Addresses, ports, bridges and the firewall of this machine."""
