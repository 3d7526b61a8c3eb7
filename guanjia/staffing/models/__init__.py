from .leave import Leave

__all__ = ["Leave"]
