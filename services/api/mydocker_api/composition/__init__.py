"""Objects that live as long as a process, shared by endpoints, middleware and loops."""
