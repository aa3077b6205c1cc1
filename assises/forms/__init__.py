"""Questions that forms of several apps ask, each in one place."""
