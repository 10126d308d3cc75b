"""Course spaces of the LMS and the activities in them."""
