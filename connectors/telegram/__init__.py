"""Telegram: private chats with our bot, by long polling of the Bot API. Groups and channels are not read."""
