"""PostgreSQL: engine and transactions, errors, migrations, LISTEN/NOTIFY."""
