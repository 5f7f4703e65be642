"""Whether a GGUF file is a model folder, told by code that shares nothing with llama.cpp's converter."""
