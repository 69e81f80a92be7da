"""One module per subcommand; each has `run(arguments) -> int`, the exit code. Imported only when called."""
