"""Shared by all endpoints: dependencies, cookies, rate limits, HTML pages."""
