"""Counts how well complaints are answered (kinerja pengelolaan pengaduan).

Hears: complaints, dispositions, cases, notices, register
Tells: metrics
"""
