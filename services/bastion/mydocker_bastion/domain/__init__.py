"""Pure rules of the bastion."""
