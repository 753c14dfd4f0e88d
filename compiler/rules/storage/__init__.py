"""Rules about what stores data: databases, caches and buckets."""
