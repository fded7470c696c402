"""Mail in and out: composing, sending, reading. Knows nothing of Temporal."""
