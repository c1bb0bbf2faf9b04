"""Verifies complaints and decides which agency must answer (verifikasi, disposisi).

Hears: complaints, cases
Tells: dispositions, register
"""
