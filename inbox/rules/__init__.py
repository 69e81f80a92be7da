"""Pure rules; the clock's time is passed in. No database, no network, no pages."""
