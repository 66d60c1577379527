"""`python -m app VERB`, also installed as `xiangjiang`."""

import argparse
import sys
from collections.abc import Sequence

from app import commands
from app.errors import Refusal
from app.settings import BadSetting

DONE, REFUSED, USAGE = 0, 1, 2


def parser(verb: str = "") -> argparse.ArgumentParser:
    """Return the parser of every verb, or of this one where a module has its name."""
    found = argparse.ArgumentParser(
        prog="xiangjiang", description="乡匠：乡村振兴职业技能大赛与专项职业能力考核"
    )
    verbs = found.add_subparsers(title="verbs", metavar="VERB", required=True)
    for module in commands.modules(verb):
        module.add(verbs)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused or found wrong, 2 usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = parser(words[0] if words else "").parse_args(words)
    try:
        return int(chosen.run(chosen))
    except (Refusal, BadSetting) as problem:
        sys.stdout.write(f"{problem}\n")
        return REFUSED
    except BrokenPipeError:
        return REFUSED
    except OSError as problem:
        sys.stdout.write(f"无法读写 {problem.filename or '文件'}：{problem.strerror or problem}\n")
        return REFUSED


if __name__ == "__main__":
    raise SystemExit(main())
