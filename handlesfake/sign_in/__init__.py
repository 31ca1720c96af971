"""Sign-in itself: OAuth, the token services of Xbox Live and SISU, a pure function over immutable knowledge."""
