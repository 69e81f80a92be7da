"""Pages and webhooks of the desk. Routes open transactions, services do the work, templates show it."""
