"""The commands of build_db.py, and the options that they share."""
