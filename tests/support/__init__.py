"""What tests of every package share, once: networks, databases, ports, browsers, waiting."""
