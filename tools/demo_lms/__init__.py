"""A small LMS that is a complete LTI 1.3 platform, for the demo and the tests only."""
