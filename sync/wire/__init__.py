"""What travels over the owner's socket: typed commands in, typed answers out.

A command carries a client-made UUID, so sending it twice is doing it once. Answers hold values and sentences already
said in the runner's language; instants are ISO strings in UTC, ``day`` is the runner's own day.
"""
