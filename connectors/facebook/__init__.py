"""Facebook Page: comments, visitor posts and Messenger, pushed and polled. No database, no domain words."""
