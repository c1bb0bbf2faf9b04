"""Holds the agency to its obligation: answers, deadlines, escalation (tindak lanjut).

Hears: complaints, dispositions
Tells: cases
"""
