"""LTI Advantage services of the demo LMS: tokens, roster and grades."""
