"""Letters to bodies outside the inbox: what stands in them, their page, their PDF."""
