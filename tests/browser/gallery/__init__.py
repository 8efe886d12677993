"""A page with every component, for the tests of the frame. Not part of the product."""
