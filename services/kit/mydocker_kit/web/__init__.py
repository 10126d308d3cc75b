"""The FastAPI application that every service builds, and what its endpoints depend on."""
