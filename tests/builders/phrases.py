"""What a phrase of the rules says, in Chinese, without a catalogue."""

from competitions.rules.phrases import Phrase


def said(fact) -> str:
    """Put a phrase, a list or a text into words."""
    if isinstance(fact, Phrase):
        return fact.says.format(**{name: said(value) for name, value in fact.facts.items()})
    if isinstance(fact, list | tuple):
        return "、".join(map(said, fact))
    return str(fact)


def lines(steps) -> list[str]:
    """Write steps as lines: what was done, the value, and by which rule."""
    return [
        " | ".join(filter(None, (said(step.how), step.value, said(step.rule or ""))))
        for step in steps
    ]
