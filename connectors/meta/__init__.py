"""What Meta's three platforms share: signatures, Graph client, errors, usage. No database, no domain words."""
