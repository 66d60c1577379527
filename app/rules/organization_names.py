"""Whether two people wrote the same employer: recusal compares what was typed."""


def plain_name(name: str) -> str:
    """Leave out blanks, and take both kinds of brackets for the same."""
    return "".join(name.split()).replace("（", "(").replace("）", ")").casefold()
