"""Join links: a code that lets people without an LMS activity join a Course."""
