"""The world's certificates, read once for all clients of a test process: each reading takes long.

The tests talk over plain HTTP on loopback; httpx reads the certificates for every client anyway.
"""

import httpx

TLS = httpx.create_ssl_context()
