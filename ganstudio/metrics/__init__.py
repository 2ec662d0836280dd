"""How far p_g is from p_data: divergences in nats, mode coverage, and the noise floor of each estimate."""
