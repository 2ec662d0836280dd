"""Forms derived from records: no field is written by hand."""
