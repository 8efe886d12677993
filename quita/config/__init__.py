"""Settings, URLs and the one place where events meet their handlers."""
