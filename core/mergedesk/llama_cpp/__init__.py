"""llama.cpp's own converter and quantiser: where they are, what they know, and how they are run."""
