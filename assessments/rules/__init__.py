"""The rules of assessments: pure functions over facts."""
