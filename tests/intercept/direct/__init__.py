"""The direct path of urllib3: requests and answers that are never bytes."""
