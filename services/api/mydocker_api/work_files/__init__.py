"""Files of a person's own work folder, its snapshots, and downloads."""
