"""Descriptions of an API: requests made from one, and answers compared with one."""
