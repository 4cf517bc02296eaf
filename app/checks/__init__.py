"""What `kanal check` looks at beyond ruff, mypy and import-linter; each returns its complaints."""
