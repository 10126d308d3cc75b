"""The bridge from desktops in the browser to VNC servers in environments."""
