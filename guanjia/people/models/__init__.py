from .code import SignInCode
from .person import Person
from .post import CompanyPost, Post
from .second_factor import RecoveryCode, SecondFactor
from .session import Session
from .throttle import Throttle
from .token import Token

__all__ = [
    "CompanyPost",
    "Person",
    "Post",
    "RecoveryCode",
    "SecondFactor",
    "Session",
    "SignInCode",
    "Throttle",
    "Token",
]
