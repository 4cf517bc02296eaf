"""HTTP: webhooks in, the triage API, pages."""
