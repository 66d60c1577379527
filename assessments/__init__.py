"""专项职业能力考核: assessments of special abilities, from the specification to the result."""
