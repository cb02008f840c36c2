"""What the program costs in time and memory, measured against the limits of the parts it is made of."""
