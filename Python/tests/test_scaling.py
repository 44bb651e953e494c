"""Votes to scales, scales to one, and pairs."""

import pandas
import pytest

import vernier


def test_votes_become_scales(votes, temporary):
    scales = vernier.scale(votes, bootstrap=100)
    assert (scales.scenes, scales.attributes) == (["s1", "s2"], ["Details"])
    ranks = scales.scores.groupby("SCENE")["JOD"].rank().tolist()
    assert ranks == [1, 2, 3, 4] * 2
    assert (scales.scores["CI LOW"] < scales.scores["JOD"]).all()
    # Every photo met three others ten times.
    assert (scales.scores["TOTAL COMPARISONS"] == 30).all()
    assert list(temporary.iterdir()) == []


def test_a_file_and_a_frame_give_the_same(votes, tmp_path):
    path = tmp_path / "v.csv"
    votes.to_csv(path, index=False)
    one, other = vernier.scale(path, bootstrap=100), vernier.scale(votes, bootstrap=100)
    pandas.testing.assert_frame_equal(one.scores, other.scores, check_exact=True)
    assert not vernier.scale(votes, bootstrap=100, seed=2).scores.equals(one.scores)


def test_names_stay_texts(votes):
    numbered = votes.replace({"image_a": {"a.png": "001", "b.png": "NA"}, "image_b": {"a.png": "001", "b.png": "NA"}})
    images = vernier.scale(numbered, bootstrap=0).scores["IMAGE"]
    assert {"001", "NA"} <= set(images)


def test_options_of_the_program_pass(votes):
    scales = vernier.scale(votes, bootstrap=0, model="bradley-terry", ties="davidson", rule="range")
    assert len(scales.scores) == 8
    with pytest.raises(vernier.VernierError, match="--nonsense"):
        vernier.scale(votes, nonsense=True)


def test_faults_are_named_without_temporary_paths(votes, temporary):
    wrong = votes.copy()
    wrong.loc[3, "choice"] = "left"
    with pytest.raises(vernier.VernierError) as caught:
        vernier.scale(wrong)
    assert str(caught.value).startswith("votes.csv, row 5, column choice: ") and caught.value.code == 1
    assert "\n" not in str(caught.value)
    with pytest.raises(vernier.VernierError, match="^votes.csv: .*choice"):
        vernier.scale(votes.drop(columns="choice"))
    with pytest.raises(vernier.VernierError, match="none.csv: there is no such file"):
        vernier.scale("none.csv")
    with pytest.raises(vernier.VernierError, match="^votes.csv: is a int; give a pandas frame or a file's path$"):
        vernier.scale(3)
    assert list(temporary.iterdir()) == []


def test_scales_are_kept_and_read_again(votes, tmp_path):
    scales = vernier.scale(votes, bootstrap=100)
    again = vernier.Scales.load(scales.save(tmp_path / "scales"))
    pandas.testing.assert_frame_equal(again.scores, scales.scores, check_exact=True)
    with pytest.raises(vernier.VernierError, match="holds no Scores_"):
        vernier.Scales.load(tmp_path)


def test_attributes_part(votes):
    both = pandas.concat([votes, votes.assign(attribute="exposure")])
    scales = vernier.scale(both, bootstrap=0)
    assert scales.attributes == ["Details", "Exposure"]
    assert scales.of("exposure").attributes == ["Exposure"]
    assert all("Exposure" in name for name in scales.of("exposure").files)
    with pytest.raises(vernier.VernierError, match="give Details or Exposure"):
        scales.of("color")
    with pytest.raises(vernier.VernierError, match="several attributes"):
        vernier.unify(scales, scales)


def test_scenes_become_one_scale(votes):
    scales = vernier.scale(votes, bootstrap=100)
    across = votes.assign(scene="cross")
    for column in ("image_a", "image_b"):
        across[column] = [f"{scene}/{image}" for scene, image in zip(votes["scene"], votes[column], strict=True)]
    # The scenes meet: each photo of the second beats each of the first, 8 of 10 times.
    meetings = [
        (f"p{observer}", "cross", "details", f"s1/{first}.png", f"s2/{second}.png", "b" if observer < 8 else "a")
        for first in "abcd" for second in "efgh" for observer in range(10)
    ]  # fmt: skip
    across = pandas.concat([across, pandas.DataFrame(meetings, columns=across.columns)])
    cross = vernier.scale(across, bootstrap=100)
    one = vernier.unify(scales, cross, reference="s1")
    assert one.reference == "s1" and list(one.coefficients["scene"]) == ["s1", "s2"]
    means = one.scores.groupby("SCENE")["JOD"].mean()
    assert means["s2"] > means["s1"]
    # Covariances travel with the scales: with frames alone they have to be inferred.
    assert any("covariances beside the scores" in message for message in one.messages)
    bare = vernier.unify(scales.scores, cross.scores, reference="s1")
    assert any("inferred" in message for message in bare.messages)
    # Lines on expected qualities depend on the errors a little, those of least squares do not.
    assert bare.scores["JOD"].tolist() == pytest.approx(one.scores["JOD"].tolist(), abs=0.2)
    plain = [vernier.unify(*pair, reference="s1", method="ols").scores["JOD"].tolist()
             for pair in ((scales, cross), (scales.scores, cross.scores))]  # fmt: skip
    assert plain[0] == plain[1] != one.scores["JOD"].tolist()
    assert one.plot().axes


def test_pairs_to_ask_next(votes):
    pairs = vernier.next_pairs(votes, 3)
    assert pairs.groupby("scene").size().to_dict() == {"s1": 3, "s2": 3}
    only = vernier.next_pairs(votes, 2, scene="s1", avoid=pairs[["image_a", "image_b"]])
    assert set(only["scene"]) == {"s1"}
    known = {frozenset(pair) for pair in pairs[["image_a", "image_b"]].itertuples(index=False)}
    assert not known & {frozenset(pair) for pair in only[["image_a", "image_b"]].itertuples(index=False)}


def test_a_plot_has_a_panel_for_each_scene(votes, tmp_path):
    scales = vernier.scale(votes, bootstrap=0)
    figure = scales.plot()
    assert [axis.get_title() for axis in figure.axes] == ["s1, Details", "s2, Details"]
    figure.savefig(tmp_path / "scales.png")
    assert len(scales.plot("s2").axes) == 1
    with pytest.raises(vernier.VernierError, match="is no scene of this scale"):
        scales.plot("s3")
