"""LTI Advantage services: NRPS rosters, AGS line items and scores."""
