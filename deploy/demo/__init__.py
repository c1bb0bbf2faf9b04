"""A whole city on one computer: engines, sign-in, mailbox, five services, and people who use them.

Everything comes in through the public interfaces; nothing here writes into a store.
"""
