"""The command line `mydocker`."""
