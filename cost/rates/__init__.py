"""What a unit costs: catalogue, fresh prices, prices of one's own, and terms."""
