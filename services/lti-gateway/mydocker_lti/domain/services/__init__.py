"""Rules of LTI services (NRPS, AGS)."""
