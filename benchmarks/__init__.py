"""Measurements: ratios against a named reference in the same run, with their growth over size. Never timed tests."""
