"""Gives the shift its reader: the workers of the queue `work` load this module, and the model.

The other workers and beat stay 80 MB smaller without it.
"""

from app.suggesting import Reader
from app.tasks import shift

shift.employ(Reader)
