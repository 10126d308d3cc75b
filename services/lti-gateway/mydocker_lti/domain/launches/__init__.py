"""Rules of LTI launches."""
