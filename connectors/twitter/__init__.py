"""X (Twitter): mentions, replies, quotes and direct messages through tweepy; X Activity webhooks where configured."""
