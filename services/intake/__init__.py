"""Receives complaints from every channel and owns the reporter (penerimaan laporan).

Hears: dispositions, cases, notices, register
Tells: complaints, contacts
"""
