"""bitsandbytes: NF4, FP4 and int8."""
