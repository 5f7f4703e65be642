"""The other engine: PEFT's own code merges, one layer at a time, over a base that stays mapped in its file."""
