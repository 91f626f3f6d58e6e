"""To be written by the floor's builder: its primitives and how they meet."""
