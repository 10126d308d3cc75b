"""Entry point for SSH by login name and for desktops in the browser."""
