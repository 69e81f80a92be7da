"""An Instagram professional account: comments and direct messages, pushed and polled. No database, no domain words."""
