"""The canned queries: one SQL file a question, and what its parameters allow."""
