"""The `kanal` commands, one module per group; `app.__main__` puts them together."""
