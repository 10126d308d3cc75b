"""The LTI endpoints of the demo LMS, as a platform has them."""
