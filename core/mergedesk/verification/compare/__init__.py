"""Whether a merged model is what base and adapters give, and if not, what it is instead."""
