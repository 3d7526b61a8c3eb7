from .report import FORMS, Report

__all__ = ["FORMS", "Report"]
