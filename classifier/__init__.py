"""What a text says: a spaCy pipeline of our own, and how it is trained and measured."""
