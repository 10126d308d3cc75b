"""What FastAPI does not write into an OpenAPI description: every refusal, examples, headers."""
