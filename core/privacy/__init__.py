"""Who a citizen is: sealed where it is stored, found again by a keyed index."""
