"""Dockerfiles that reach for what no build may reach, on a real engine.

Each try aims at a canary, a server that records who comes. Behind the wall nothing comes; the
control takes the wall away and the same Dockerfile is seen at the canary, so that no try passes
because it was written wrongly.
"""
