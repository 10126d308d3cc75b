"""A small LMS that is a true LTI 1.3 platform: for the demo and the tests, never for a school."""
