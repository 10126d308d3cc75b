"""The builder's rules, without I/O."""
