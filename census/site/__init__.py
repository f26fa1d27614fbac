"""What is served: the questions resolved against a database, its tables, and where things are."""
