"""The content of pages: answers in a sentence, profiles, search, news, feeds, citations."""
