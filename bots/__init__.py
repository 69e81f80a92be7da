"""Processes and wiring: the only place where connectors, classifier and desk meet. Holds no rule of the desk."""
