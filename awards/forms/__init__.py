"""The pages of an application as forms: each is one step, saved by itself."""
