"""Images that are for all teachers: their owners ask, operators decide."""
