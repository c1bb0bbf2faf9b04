"""Holds the agency to its obligation: answers and deadlines (tindak lanjut).

Hears: complaints, dispositions, register
Tells: cases
"""
