"""Tables for integrators: the change log, webhooks, idempotency keys."""
