"""WhatsApp Cloud API: messages and receipts by signed webhook, text replies. There is nothing to poll."""
