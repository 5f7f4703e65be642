"""A model whose linear layers are packed for servers."""
