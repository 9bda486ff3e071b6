"""What the command line can do: a module for each group of commands, each with a ``COMMANDS`` of its own."""
