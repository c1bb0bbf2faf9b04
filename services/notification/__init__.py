"""Tells people what concerns them, each thing once (pemberitahuan).

Hears: complaints, dispositions, cases, contacts, register
Tells: notices
"""
