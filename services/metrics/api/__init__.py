"""Figures for everybody, and rows of performance; small ones only for officers."""

from services.metrics.api.figures import Api
from services.metrics.api.indicators import indicator_routes
from services.metrics.api.performance import performance_routes

__all__ = ["Api", "indicator_routes", "performance_routes"]
