"""What other tools have captured, HAR, SAZ and the flow files of mitmproxy: into a cassette, and back to HAR."""
