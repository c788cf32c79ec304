"""The log: its latest checkpoint, receipts of events, proofs that it only grew."""
