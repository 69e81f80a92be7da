"""The shared language: words, shapes and ports that every other room speaks. Imports nothing of ours."""
