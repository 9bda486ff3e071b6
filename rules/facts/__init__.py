"""The words everything else speaks: frozen values with their units in their names.

Instants are naive UTC datetimes and end in ``_utc``; ``day`` is a date in the runner's own time zone.
``None`` means "not known"; in sample arrays NaN means it.
"""
