"""The doors to what is no web page: SSH by login name, and desktops for the edge."""
