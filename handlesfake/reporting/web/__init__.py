"""What the pages of handlesfake share: colours, small words for elements, and how a page becomes one document."""
