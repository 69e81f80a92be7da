"""Akıl Kutusu: the centre's articles, their search, and drafts made of them. No invented facts."""
