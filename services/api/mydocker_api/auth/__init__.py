"""Who calls: access tokens, revoked web sessions, and the person behind them."""
