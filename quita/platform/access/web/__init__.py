"""Sign-in, users and a person's own preferences."""
