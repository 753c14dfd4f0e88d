"""Words: which ones mean something as written, which one was meant, and what others say."""
