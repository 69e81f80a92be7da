"""The desk: everything about an application. Knows connectors and the classifier only through `models.ports`."""
