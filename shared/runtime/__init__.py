"""How every process runs.

Nothing here knows a rule of the business, and of its nouns only two: the complaint, by which
everything is kept and told, and the agency, whose register several services keep alike.

Run by the simulation as they are: ``document`` and ``folding``, which are pure, and ``hearing``,
``asking``, ``telling``, ``relaying``, which wait, but only on the ports of ``ports``.
"""
