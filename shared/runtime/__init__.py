"""How every process runs.

Nothing here knows a rule of the business, and of its nouns only two: the complaint, by which
everything is kept and told, and the agency, whose register several services keep alike.

Pure, and run by the simulation as it is: ``document``, ``folding``, ``hearing``, ``asking``,
``telling``, ``relaying``. They reach the world only through the ports of ``ports``.
"""
