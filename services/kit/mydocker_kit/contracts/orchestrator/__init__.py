"""What the orchestrator and its node agents are asked, and answer."""
