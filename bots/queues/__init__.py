"""Waking the workers: in process, or by Redis Streams. The job itself is a row in the database."""
