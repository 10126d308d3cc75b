"""What the LTI gateway tells the other services, and answers them."""
