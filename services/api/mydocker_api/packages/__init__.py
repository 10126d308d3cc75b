"""What images contain: the packages of a Build, and which Builds contain a package."""
