"""How every process runs. Nothing here knows a business noun.

Pure, and run by the simulation as it is: ``document``, ``folding``, ``hearing``, ``asking``,
``telling``, ``relaying``. They reach the world only through the ports of ``ports``.
"""
