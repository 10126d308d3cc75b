"""Docker engines, machines and Swarms for tests."""
