"""What every way of running shares: the Docker client, programs, ports, keys, the firewall."""
