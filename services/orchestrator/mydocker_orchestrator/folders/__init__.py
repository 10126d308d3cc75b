"""Files and snapshots of work folders: rows, and calls to the machines that have them."""
