"""How a person is related to a Course or an Image: read here, judged by `domain.policy`."""
