"""Tags and filters of the user interface."""
