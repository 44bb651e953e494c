"""Verdicts and evaluations."""

import pandas
import pytest

import vernier


def test_a_clear_difference_is_better_and_the_gate_passes(votes, groups, tmp_path):
    answer = vernier.verdict(
        "A", "B", votes=votes, groups=groups, these_scenes_only=True, bootstrap=100, report=tmp_path / "page.html"
    )
    assert (answer.outcome, answer.gate_result, answer.passes) == ("better", "pass", True)
    (row,) = answer.attributes.itertuples()
    assert row.attribute == "details" and 0 < row.low < row.difference_jod < row.high
    assert "<html" in (tmp_path / "page.html").read_text()


def test_a_failed_and_an_undecided_gate_are_answers(votes, groups):
    worse = vernier.verdict("B", "A", votes=votes, groups=groups, these_scenes_only=True, bootstrap=0)
    assert (worse.outcome, worse.gate_result, worse.passes) == ("worse", "fail", False)
    opened = vernier.verdict("A", "B", votes=votes, groups=groups[groups["scene"] == "s1"], bootstrap=0)
    assert (opened.outcome, opened.gate_result) == ("inconclusive", "inconclusive")


def test_input_that_cant_be_used_raises(votes, groups, temporary):
    with pytest.raises(vernier.VernierError, match="C") as caught:
        vernier.verdict("A", "C", votes=votes, groups=groups)
    assert caught.value.code == 1 and str(temporary) not in str(caught.value)
    with pytest.raises(vernier.VernierError):
        vernier.verdict("A", "B", votes=votes)
    assert list(temporary.iterdir()) == []


def test_scores_are_evaluated_against_a_scale(votes):
    scales = vernier.scale(votes, bootstrap=100)
    order = pandas.DataFrame({"IMAGE": [f"{name}.png" for name in "abcdefgh"], "SCORE": [1, 2, 3, 4] * 2})
    table = vernier.evaluate(order, scales, other_unit=True, bootstrap=100, name="order")
    own = table[(table["model"] == "order") & (table["statistic"] == "mean")].set_index("metric")
    assert own.loc["srcc", "value"] == 1 and "mae" not in own.index
    assert {"always 0", "perfect model"} <= set(table["model"])
    with pytest.raises(vernier.VernierError, match="measured scores are missing"):
        vernier.evaluate(order)
