"""Stands in for the chat platforms on loopback, with their rules and a phone page.

It is the other side of the wire: it imports nothing of `core` or `channels`, so that
neither can agree with itself about what a platform does.
"""
