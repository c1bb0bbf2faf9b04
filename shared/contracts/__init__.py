"""The published language: facts, histories, snapshots, their envelope and their topics.

Pure: pydantic and msgspec, which read and write messages, are the libraries known here. The
producer of a stream owns the file that bears its name, and that file holds messages and nothing
else.
"""
