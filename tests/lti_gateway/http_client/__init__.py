"""Tests of `mydocker_lti.http_client`."""
