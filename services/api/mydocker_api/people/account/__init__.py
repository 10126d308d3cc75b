"""My own account: how I come in, and accounts that become one."""
