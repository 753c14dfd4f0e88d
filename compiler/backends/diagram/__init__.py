"""Architecture diagrams: a graph becomes a picture, a picture a drawing, a drawing a file."""
