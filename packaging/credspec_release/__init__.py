"""What is published, made from programs that are given: each file makes one form of it."""
