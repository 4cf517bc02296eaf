"""The triage API: what an office's programs, and later the console, ask and order.

`app.include_router(api_router)` is all it needs, beside `make` (Sessions), `waker` (Waker),
`limits` (a channel's name to its limits by address) and `storage` (Storage) in `app.state`.
"""

from app.web.api.router import api_router

__all__ = ["api_router"]
