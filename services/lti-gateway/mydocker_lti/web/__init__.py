"""What every endpoint shares: dependencies, cookies, rate limits, pages."""
