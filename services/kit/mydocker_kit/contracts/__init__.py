"""What the services say to each other. Frozen values, no behaviour that needs I/O."""
