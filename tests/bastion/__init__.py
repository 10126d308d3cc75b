"""The bastion, between real SSH clients and played environments."""
