"""The channels that the contract suite runs over: one row each."""

from tests.contract.rows.line import LINE
from tests.contract.rows.messenger import MESSENGER
from tests.contract.rows.telegram import TELEGRAM
from tests.contract.rows.twitter import TWITTER

__all__ = ["CHANNELS", "LINE", "MESSENGER", "TELEGRAM", "TWITTER"]

CHANNELS = (TELEGRAM, LINE, MESSENGER, TWITTER)
