"""From records to what templates show. Whoever may not know an owner gets no owner: it is decided here, once."""
