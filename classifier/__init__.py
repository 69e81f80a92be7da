"""Text in, classification out. No database, no network, no pages."""
