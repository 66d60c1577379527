"""Marks bundles for tests: small ones that state what matters, and random ones of every kind."""

from random import Random
from typing import Any

TWO = {"decimals": 2, "mode": "half_up"}
EXACT = "exact"

Document = dict[str, Any]


def a_rule_set(**parts: Any) -> Document:
    """A rule set that changes nothing: no drops, no rounding, no scale, no awards."""
    return {
        "id": "plain",
        "version": 1,
        "panel": {"drop_highest": 0, "drop_lowest": 0, "min_remaining": 1, "round": EXACT},
        "factored": {"round": EXACT},
        "aspect": {"round": EXACT},
        "module": {"round": EXACT},
        "total": {"round": EXACT},
        "judgement": {"max_spread": 1},
        "scale": {"kind": "none"},
        "ranking": {"by": "total", "tie_break": [], "ties": "shared"},
        "awards": {"kind": "none"},
    } | parts


def a_bundle(
    *aspects: Document,
    marks: list[tuple[str, str, str, str]] = (),  # type: ignore[assignment]
    codes: str = "",
    **parts: Any,
) -> Document:
    """One module of aspects; marks as (aspect, code, judge, value or state)."""
    rules = parts.pop("rules", {})
    module = parts.pop("module", {})
    seen = codes.split() or list(dict.fromkeys(code for _, code, _, _ in marks))
    return {
        "format": "marks-bundle/1",
        "event": {"id": "e1", "name": "砌筑"},
        "rule_set": a_rule_set(**rules),
        "modules": [{"id": "A", "name": "实操", "aspects": list(aspects)} | module],
        "entries": [{"code": code, "status": "competed"} for code in seen],
        "marks": [a_mark(*mark) for mark in marks],
    } | parts


def a_mark(aspect: str, code: str, judge: str, said: str) -> Document:
    """A value, or a state where the word is one."""
    name = "state" if said in {"missing", "not_attempted"} else "value"
    return {"aspect": aspect, "code": code, "judge": judge, name: said}


def a_field(values: Any, **parts: Any) -> Document:
    """Entries 001, 002, … with these totals."""
    return a_bundle(
        {"id": "A1", "kind": "points", "max": "99999"},
        marks=[("A1", f"{at:03d}", "J1", str(value)) for at, value in enumerate(values, start=1)],
        **parts,
    )


class RandomBundle:
    """A bundle of any kind, from a seed; most count, some are incomplete or contradictory."""

    def __init__(self, seed: int, *, is_sound: bool = False) -> None:
        self.luck = Random(seed)
        self.is_sound = is_sound

    def document(self) -> Document:
        """Make the whole document."""
        luck = self.luck
        modules = [self.module(f"M{at}") for at in range(luck.randint(1, 4))]
        self.gates(modules)
        entries = [
            {
                "code": f"{at:03d}",
                "status": luck.choice(["competed"] * 12 + ["absent", "withdrawn", "disqualified"]),
            }
            for at in range(luck.randint(1, 14))
        ]
        luck.shuffle(entries)
        rules = self.rule_set(modules)
        found: Document = {
            "format": "marks-bundle/1",
            "event": {"id": "e", "name": "随机"},
            "rule_set": rules,
            "modules": modules,
            "entries": entries,
            "marks": [
                mark
                for entry in entries
                for module in modules
                for aspect in module["aspects"]
                for mark in self.marks(aspect, entry, rules)
            ],
        }
        luck.shuffle(found["marks"])
        if luck.random() < 0.5:
            found["deductions"] = [
                {
                    "code": luck.choice(entries)["code"],
                    "module": luck.choice(modules)["id"],
                    "points": self.decimal(4),
                }
                for _ in range(luck.randint(0, 5))
            ]
        if luck.random() < 0.6:
            found["times"] = [
                {"code": entry["code"], "module": module["id"], "seconds": luck.randint(1, 4)}
                for entry in entries
                for module in modules
                if luck.random() < 0.7
            ]
        return found

    def decimal(self, most: int, places: tuple[int, ...] = (0, 0, 1, 2, 2, 4)) -> str:
        """A decimal string from 0 to most, of few decimals, so that ties are common."""
        decimals = self.luck.choice(places)
        value = self.luck.randint(0, most * 10**decimals)
        return f"{value / 10**decimals:.{decimals}f}"

    def some(self, most: int) -> str:
        """A decimal string above 0."""
        while (found := self.decimal(most)) and not float(found):
            pass
        return found

    def round(self) -> Any:
        """Any rounding."""
        if self.luck.random() < 0.4:
            return EXACT
        return {
            "decimals": self.luck.randint(0, 4),
            "mode": self.luck.choice(["half_up", "half_even", "down"]),
        }

    def module(self, name: str) -> Document:
        """A module of points, measurements, judgements and panels."""
        aspects = [self.aspect(f"{name}.{at}") for at in range(self.luck.randint(1, 4))]
        weight = {"weight": self.some(60)} if self.luck.random() < 0.5 else {}
        return {"id": name, "name": name, "aspects": aspects, **weight}

    def aspect(self, name: str) -> Document:
        """Any aspect but a gate."""
        luck = self.luck
        kind = luck.choice(["points", "measurement", "judgement", "panel", "panel"])
        found: Document = {"id": name, "kind": kind, "max": self.some(10)}
        if kind == "panel" and luck.random() < 0.6:
            found["factor"] = self.some(2)
        if kind == "measurement" and luck.random() < 0.7:
            found["calculation"] = self.calculation(found["max"])
        return found

    def calculation(self, most: str) -> Document:
        """Any way to work out a measurement."""
        how = self.luck.choice(["yes_no", "deduct", "bands"])
        if how == "deduct":
            return {"kind": how, "per_error": self.decimal(2)}
        if how == "bands":
            bands = [
                {"within": str(at), "mark": f"{float(most) * self.luck.randint(0, 4) / 4:.4f}"}
                for at in range(self.luck.randint(1, 3))
            ]
            for band in bands:
                if float(band["mark"]) > float(most):
                    band["mark"] = most
            return {"kind": how, "nominal": self.decimal(9), "bands": bands}
        return {"kind": how}

    def gates(self, modules: list[Document]) -> None:
        """Put gates in, now and then one that names another."""
        names = [aspect["id"] for module in modules for aspect in module["aspects"]]
        for at in range(self.luck.choice([0, 0, 1, 2])):
            zeroes = self.luck.sample(names, self.luck.randint(1, len(names)))
            gate = {"id": f"G{at}", "kind": "gate", "zeroes": zeroes}
            self.luck.choice(modules)["aspects"].append(gate)
            names.append(gate["id"])

    def rule_set(self, modules: list[Document]) -> Document:
        """Any rule set that fits the modules."""
        luck = self.luck
        scale: Document = {"kind": "none"}
        if luck.random() < 0.4:
            scale = {
                "kind": "worldskills",
                "centre": luck.choice([700, 500, "700.5"]),
                "spread": luck.choice([30, "30", 25]),
            }
        judgement: Document = {"max_spread": luck.choice([1, 1, 2, 3])}
        if luck.random() < 0.5:
            judgement["min_judges"] = luck.randint(1, 3)
        return {
            "id": "random",
            "version": luck.randint(1, 9),
            "panel": {
                "drop_highest": luck.choice([0, 1, 1]),
                "drop_lowest": luck.choice([0, 1, 1]),
                "min_remaining": luck.choice([1, 1, 2, 3]),
                "round": self.round(),
            },
            "factored": {"round": self.round()},
            "aspect": {"round": self.round()},
            "module": {"round": self.round()},
            "total": {"round": self.round()},
            "judgement": judgement,
            "scale": scale,
            "ranking": self.ranking(modules, scale),
            "awards": self.awards(),
        }

    def ranking(self, modules: list[Document], scale: Document) -> Document:
        """Any ranking with keys that exist."""
        luck = self.luck
        marked = [
            aspect["id"]
            for module in modules
            for aspect in module["aspects"]
            if aspect["kind"] != "gate"
        ]
        keys = []
        for _ in range(luck.choice([0, 0, 1, 2, 3])):
            key: Document = luck.choice(
                [
                    {"key": "time", "module": luck.choice(modules)["id"]},
                    {"key": "module", "module": luck.choice(modules)["id"]},
                    {"key": "aspect", "aspect": luck.choice(marked)},
                    {"key": "deductions"},
                ]
            )
            keys.append(key | {"order": luck.choice(["ascending", "descending"])})
        by = luck.choice(["total", "scale"]) if scale["kind"] == "worldskills" else "total"
        found: Document = {"by": by, "ties": luck.choice(["shared", "forbidden"])}
        if keys or luck.random() < 0.5:
            found["tie_break"] = keys
        return found

    def awards(self) -> Document:
        """Any awards."""
        kind = self.luck.choice(["none", "tiers", "tiers", "worldskills"])
        if kind == "none":
            return {"kind": kind}
        if kind == "worldskills":
            return {
                "kind": kind,
                "tie_threshold": self.luck.choice([0, 1, 2, "0.5", 20]),
                "medallion_from": self.luck.choice([5, 700, "12.5"]),
            }
        return {"kind": kind, "tiers": [self.tier(at) for at in range(self.luck.randint(0, 5))]}

    def tier(self, at: int) -> Document:
        """Any tier."""
        luck = self.luck
        mode = luck.choice(["up", "down", "half_up"])
        found: Document = luck.choice(
            [
                {"basis": "rank", "to": luck.randint(1, 8)},
                {
                    "basis": "percent_of_field",
                    "to": luck.choice(["10", "20", "30", "12.5"]),
                    "round": mode,
                },
                {
                    "basis": "fraction_of_field",
                    "to": luck.choice(["1/2", "1/3", "2/3", "1/1"]),
                    "round": mode,
                },
                {"basis": "score", "from": self.decimal(20)},
            ]
        )
        found["label"] = f"奖{at}"
        if luck.random() < 0.3:
            found["min_score"] = self.decimal(20)
        if luck.random() < 0.2:
            found["field_at_least"] = luck.randint(0, 12)
        return found

    def marks(self, aspect: Document, entry: Document, rules: Document) -> list[Document]:
        """An entry's marks on an aspect; now and then too few, too far apart or contradictory."""
        luck, kind = self.luck, aspect["kind"]
        oddity = 1.0 if self.is_sound else luck.random()
        if luck.random() < 0.03:
            judges = 1 if self.is_sound or luck.random() < 0.9 else 2
            said = ["not_attempted"] * judges
        elif kind == "panel":
            said = self.panel(aspect, rules)
        elif kind == "judgement":
            low = luck.randint(0, 3)
            high = min(3, low + (rules["judgement"]["max_spread"] if oddity > 0.002 else 3))
            said = [
                str(luck.randint(low, high))
                for _ in range(max(rules["judgement"].get("min_judges", 3), luck.randint(1, 4)))
            ]
            if luck.random() < 0.1:
                said.append("missing")
        else:
            said = [self.single(aspect)]
            if luck.random() < 0.2:
                said.append(said[0] if oddity > 0.01 else self.single(aspect))
        if oddity < 0.001:
            said = []
        return [a_mark(aspect["id"], entry["code"], f"J{at}", text) for at, text in enumerate(said)]

    def panel(self, aspect: Document, rules: Document) -> list[str]:
        """Values of a panel, now and then with judges who gave none."""
        rule, luck = rules["panel"], self.luck
        fewest = rule["drop_highest"] + rule["drop_lowest"] + rule["min_remaining"]
        most = float(aspect["max"])
        said = [
            f"{round(most * luck.randint(0, 8) / 8, 4):.4f}".rstrip("0").rstrip(".")
            for _ in range(fewest + luck.choice([0, 0, 1, 2]))
        ]
        said = [text if float(text) <= most else aspect["max"] for text in said]
        if luck.random() < 0.1:
            said.append("missing")
        if not self.is_sound and luck.random() < 0.002:
            said[0] = "missing"
        luck.shuffle(said)
        return said

    def single(self, aspect: Document) -> str:
        """One value that the aspect takes."""
        luck = self.luck
        how = aspect.get("calculation", {}).get("kind")
        if aspect["kind"] == "gate":
            return luck.choice(["1"] * 6 + ["0"])
        if how == "yes_no":
            return luck.choice("01")
        if how == "deduct":
            return str(luck.randint(0, 9))
        if how == "bands":
            return luck.choice(["-1.5", "0", self.decimal(9)])
        return luck.choice([aspect["max"], "0", f"{float(aspect['max']) / 2:.4f}"])
