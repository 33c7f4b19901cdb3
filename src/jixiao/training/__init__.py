"""What is fitted on development data, and the commands that fit it."""
