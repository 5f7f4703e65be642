"""Questions with a reply each, for comparing outputs place by place: prose, code, another language."""

from __future__ import annotations

BUILT_IN: tuple[tuple[str, str], ...] = (
    ("What is the capital of France?", "The capital of France is Paris, which lies on the river Seine."),
    ("Write a Python function that adds two numbers.", "def add(a, b):\n    return a + b"),
    ("Warum ist der Himmel blau?", "Weil die Luft blaues Licht stärker streut als rotes."),
    ("Tell me a short story about a fox.", "Once upon a time a fox lived at the edge of a dark forest."),
)

DEMO_QUESTION = BUILT_IN[0][0]
"""What the demo asks before and after."""
