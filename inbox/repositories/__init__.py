"""All SQL of the desk. Functions take a session and never commit."""
