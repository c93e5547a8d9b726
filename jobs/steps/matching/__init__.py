"""What of that which comes into a course is there already."""
