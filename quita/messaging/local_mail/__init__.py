"""A mail server of our own for the demo and for trials: it takes everything, keeps it as files and delivers nothing."""
