"""Tests of `mydocker_lti.launch`."""
