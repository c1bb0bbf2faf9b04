"""The audit proves that each accepted complaint is in every store, once, in states that agree.

``comparing`` and ``agreeing`` decide and know no store; ``reading`` only reads; ``run`` walks in
bounded windows. Nothing here writes, but for ``mending``, which is asked for by name.
"""
