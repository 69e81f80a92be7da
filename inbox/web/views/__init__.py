"""Pure functions that turn rows into what a template shows. No database, no request."""
