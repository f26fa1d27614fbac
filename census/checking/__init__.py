"""A reader's figure checked against the census's own: verdict, likely slips, sentences."""
