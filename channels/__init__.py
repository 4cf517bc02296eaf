"""One folder per messenger; channels never know each other."""
