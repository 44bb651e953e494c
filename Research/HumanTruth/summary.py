"""The table of all studies as Markdown: medians and ranges by kind, and the studies one by one."""

import statistics

KINDS = ["not adaptive", "adaptive", "unknown"]
FIGURES = [
    ("items", "items"),
    ("judges", "judges"),
    ("judgements", "judgements"),
    ("published_reliability", "reliability in the repository"),
    ("split_half_full", "split halves, stepped up to all judges"),
    ("reliability", "reliability here"),
    ("reliability_observers", "reliability here, errors by bootstrap over judges"),
    ("reliability_corrected", "reliability here, corrected"),
    ("closer_percent", "closer than random pairs, %, where said"),
    ("stretch", "stretch by `swiss` columns"),
    ("stretch_stated", "stretch by `--pairs-chosen-by swiss`"),
    ("stretch_information_gain", "stretch by `information-gain` columns"),
    ("stretch_error_reduction", "stretch by `error-reduction` columns"),
    ("slope", "held-out slope"),
    ("slope_shrunk", "held-out slope, shrunk"),
    ("slope_shrunk_observers", "held-out slope, shrunk by bootstrap errors"),
    ("slope_corrected", "held-out slope, corrected"),
    ("slope_shrunk_corrected", "held-out slope, corrected and shrunk"),
]
STUDY_COLUMNS = [
    "items", "judges", "judgements", "closer_percent", "swiss_rounds", "published_reliability", "split_half_full",
    "reliability", "reliability_corrected", "stretch", "stretch_stated", "slope", "slope_corrected", "slope_shrunk",
    "slope_shrunk_corrected",
]  # fmt: skip


def summarize(table, skipped):
    good = [row | {"split_half_full": stepped_up(row)} for row in table if not row["fault"]]
    lines = [f"{len(good)} studies; skipped: {skipped or 'none'}", ""]
    lines += [f"fault: {row['study']}: {row['fault']}" for row in table if row["fault"]]
    kinds = [[row for row in good if row["kind"] == kind] for kind in KINDS]
    lines.append("| median (range) | " + " | ".join(f"{k}, {len(r)}" for k, r in zip(KINDS, kinds)) + " |")
    lines.append("|---|---|---|---|")
    for column, title in FIGURES:
        lines.append(f"| {title} | " + " | ".join(spread(rows, column) for rows in kinds) + " |")
    looks = [sum(row["looks_adaptive"] == "True" for row in rows) for rows in kinds]
    lines.append("| said to look adaptive | " + " | ".join(str(n) for n in looks) + " |")
    lines += ["", "| study | kind | " + " | ".join(STUDY_COLUMNS) + " |", "|" + "---|" * (2 + len(STUDY_COLUMNS))]
    for row in sorted(good, key=lambda row: (row["kind"], row["study"])):
        cells = [row["study"], row["kind"]] + [show(row[column]) for column in STUDY_COLUMNS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def stepped_up(row):
    """The correlation of half the judges with the other half, as Spearman and Brown carry it to all judges."""
    half = row["split_half"]
    return str(2 * float(half) / (1 + float(half))) if half else ""


def spread(rows, column):
    values = [float(row[column]) for row in rows if row[column] not in ("", None)]
    if not values:
        return "–"
    return f"{show(statistics.median(values))} ({show(min(values))} to {show(max(values))}); n = {len(values)}"


def show(value):
    if value in ("", None):
        return "–"
    value = float(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) != 1 else f"{value:.2f}"
