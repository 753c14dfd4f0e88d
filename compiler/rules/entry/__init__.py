"""Rules about how requests come in: host names, certificates and routes."""
