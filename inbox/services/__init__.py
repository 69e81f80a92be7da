"""Use cases, a file per group of verbs. They take a session, never commit and never call the network."""
