"""The shape of `rulebooks/surveys.yaml`: questionnaires, topics, indicators (COM-27 … COM-31, QLT-55 … QLT-57, CF-07)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from guanjia.rulebooks.book import Entry, read

Kind = Literal["scale", "single", "multiple", "text", "yesno"]
Core = Literal["", "overall", "speed", "solved"]


class Question(Entry):
    """One question. `section` and the rest are in the house's language; readers get them translated."""

    title: str = Field(min_length=1, max_length=200)
    title_en: str = ""
    section: str = Field("", max_length=60)
    section_en: str = ""
    kind: Kind
    required: bool = True
    choices: dict[str, str] = {}
    choices_en: dict[str, str] = {}
    core: Core = ""  # which indicator a scale feeds
    topic: str = ""  # what it is about
    topics: bool = False  # its answer is the topic of the words collected
    collects: bool = False  # its words go to the opinion library

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Question:
        if (self.kind in ("single", "multiple")) != bool(self.choices):
            raise ValueError("single and multiple have choices, nothing else has")
        if self.core and self.kind != "scale":
            raise ValueError("an indicator is fed by a scale")
        if self.collects and self.kind != "text":
            raise ValueError("only words are collected")
        if self.topics and self.kind != "single":
            raise ValueError("one topic is chosen")
        return self


class Named(Entry):
    title: str
    title_en: str = ""


class Topic(Named):
    categories: list[str] = []  # of suggestions that came as tickets


class Template(Named):
    intro: str
    intro_en: str = ""
    rows: list[str]
    duty: str = ""
    audience: Literal["household", "staff"]
    anonymous: bool
    draw: Literal["census", "simple", "stratified"]
    size: int = Field(ge=0)
    days: int = Field(gt=0, le=92)
    questions: dict[str, Question] = Field(min_length=1)


class Indicator(Named):
    words: str  # the formula, as people read it
    words_en: str = ""
    base: str = ""  # figure: where it starts
    target: str  # figure: where it is to come
    sources: list[Literal["answers", "ratings", "ratings_all", "calls"]]


class SurveysBook(Entry):
    topics: dict[str, Topic]
    scenes: dict[str, Named]
    joined: dict[str, Named]
    indicators: dict[Literal["overall", "speed", "solved"], Indicator]
    templates: dict[str, Template]

    @model_validator(mode="after")
    def _topics_are_known(self) -> SurveysBook:
        for key, template in self.templates.items():
            for name, question in template.questions.items():
                strange = ({question.topic} - {""}) | (set(question.choices) if question.topics else set())
                if strange - set(self.topics):
                    raise ValueError(f"{key}.{name}: no topic {sorted(strange - set(self.topics))}")
        return self


@cache
def surveys_book() -> SurveysBook:
    return read("surveys.yaml", SurveysBook)


def programme() -> dict[str, str]:
    """Duty → the template that serves it (CF-07)."""
    return {template.duty: key for key, template in surveys_book().templates.items() if template.duty}
