"""The Docker engines of the demo, the base image of builds, and what engines leave behind."""
