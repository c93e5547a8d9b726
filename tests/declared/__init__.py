"""A course made from the declarations themselves: everything that they name is in it, filled."""
