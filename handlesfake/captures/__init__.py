"""What other tools have captured: HAR, SAZ and mitmproxy's flow files on their way into a cassette, and back to HAR."""
