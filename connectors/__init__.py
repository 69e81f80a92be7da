"""One folder per platform: HTTP and JSON on one side, the values of `models.messages` on the other."""
