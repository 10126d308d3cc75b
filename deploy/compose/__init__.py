"""One machine in production: what `docker-compose.yml` needs before its first start."""
