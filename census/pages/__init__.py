"""What the pages say: answers in a sentence, profiles, search, news, feeds, citations."""
