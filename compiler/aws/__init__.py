"""How AWS names, places, links, permits and meters things, for every kind alike."""
