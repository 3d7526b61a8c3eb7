"""门岗与前台: resident cards, visitors with their passes, articles left in the desk's care."""

from .article import Article
from .away import Away
from .card import Card
from .guest import Guest, Passage

__all__ = ["Article", "Away", "Card", "Guest", "Passage"]
