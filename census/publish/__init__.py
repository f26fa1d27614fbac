"""From a built site to a public one, and back: publishing, smoke test, reports to people."""
