"""What is served: questions resolved against a database, its tables, addresses."""
