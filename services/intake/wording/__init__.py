"""What intake says to reporters, in Indonesian and English."""
