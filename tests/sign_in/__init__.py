"""Sign-in without an LMS, against servers that speak the real protocols."""
