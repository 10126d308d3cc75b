"""What the bastion asks api, and the answers."""
