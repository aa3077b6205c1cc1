"""What ./run uses on a developer's machine; production needs none of it."""
