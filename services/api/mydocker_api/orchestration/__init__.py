"""What people want to run, said on to the orchestrator, and what it says back."""
