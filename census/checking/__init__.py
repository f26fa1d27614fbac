"""A figure that a reader brings, put beside the census's own: the verdict, the slip, the words."""
