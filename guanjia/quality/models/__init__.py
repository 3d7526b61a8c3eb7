from .assessment import Assessment, Payout
from .campaign import Campaign, Step
from .finishing import Result
from .inspection import Inspection, Method
from .item import Deduction, ItemScore, QualityPhoto
from .rectification import FixRound, Rectification
from .rubric import OwnRubric
from .sampling import Sample
from .showing import Evidence

__all__ = [
    "Assessment", "Campaign", "Deduction", "Evidence", "FixRound", "Inspection", "ItemScore", "Method", "OwnRubric", "Payout",
    "QualityPhoto", "Rectification", "Result", "Sample", "Step",
]  # fmt: skip
