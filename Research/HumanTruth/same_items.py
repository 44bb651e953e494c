"""Two groups of judges on the same items: a group's scale predicts the other's votes, whose pairs it did not choose."""

import numpy as np

from calibration import calibration_slope, predictions, separation_reliability, shrunk
from scaler import closeness

# The same 150 essays judged adaptively and in a fixed design (Bramley and Vitello 2019); the same 168 tests judged
# adaptively by two groups of experts and two groups of peers (Jones and Alcock 2014).
PAIRS = [
    ("Bramley2018_1a", "Bramley2018_2"),
    ("Jones2013a_expert1", "Jones2013a_expert2"),
    ("Jones2013a_peer1", "Jones2013a_peer2"),
]
# What the replay is told about adaptive studies: a criterion, and whether by option rather than in the votes.
CHOICES = [
    (None, False), ("swiss", False), ("swiss", True), ("information-gain", False), ("error-reduction", False),
    ("error-reduction", True),
]  # fmt: skip
HEADER = ["scale of", "votes of", "pairs said to be", "deviation, JOD", "reliability", "slope", "slope, shrunk"]


def compare(studies, scaler):
    """Markdown: both ways for every pair, and the correlation of the two uncorrected scales."""
    known = {study.name: study for study in studies}
    lines, correlations = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)], []
    for pair in PAIRS:
        if any(name not in known for name in pair):
            continue
        plain = {}
        for own, other in (pair, pair[::-1]):
            study, votes = known[own], known[other].judgements
            for criterion, stated in CHOICES if study.kind == "adaptive" else CHOICES[:1]:
                scale, said = scaler.scale(study.judgements, criterion=criterion, stated=stated, replays=100)
                plain.setdefault(own, scale)
                label = f"{criterion} ({'option' if stated else 'columns'})" if criterion else "chosen beforehand"
                if closeness(said):
                    label += f"; {closeness(said):.0f} % closer than random pairs"
                calm = shrunk(scale)
                cells = [
                    np.std([x for x, _ in scale.values()], ddof=1), separation_reliability(scale),
                    calibration_slope(predictions(scale, votes))[0],
                    calibration_slope(predictions(calm, votes))[0] if calm else None,
                ]  # fmt: skip
                cells = [f"{cell:.2f}" if cell is not None else "–" for cell in cells]
                lines.append("| " + " | ".join([own, other, label, *cells]) + " |")
        first, second = ([plain[name][item][0] for item in known[pair[0]].items] for name in pair)
        correlations.append(f"{pair[0]} and {pair[1]} correlate {np.corrcoef(first, second)[0, 1]:.2f}.")
    return "\n".join(lines + ["", *correlations]) + "\n"
