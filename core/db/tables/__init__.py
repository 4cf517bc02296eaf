"""Every table, with the lists that its indexes serve."""

from core.db.tables.base import NAMING, Table, one_of
from core.db.tables.office import ROLES, ApiToken, Report, ReportEvent
from core.db.tables.road import (
    DIRECTIONS,
    INBOX_STATES,
    MEDIA_STATES,
    OUTBOX_STATES,
    Block,
    ChannelStatus,
    Conversation,
    File,
    Inbox,
    Message,
    Outbox,
    Trace,
)
from core.db.tables.routing import (
    RULE_STATES,
    SUGGESTION_ROLES,
    Agency,
    Choice,
    Region,
    Route,
    Rule,
    Suggestion,
)

__all__ = [
    "DIRECTIONS",
    "INBOX_STATES",
    "MEDIA_STATES",
    "NAMING",
    "OUTBOX_STATES",
    "ROLES",
    "RULE_STATES",
    "SUGGESTION_ROLES",
    "Agency",
    "ApiToken",
    "Block",
    "ChannelStatus",
    "Choice",
    "Conversation",
    "File",
    "Inbox",
    "Message",
    "Outbox",
    "Region",
    "Report",
    "ReportEvent",
    "Route",
    "Rule",
    "Suggestion",
    "Table",
    "Trace",
    "one_of",
]
