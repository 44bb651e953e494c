"""Neural models: libtorch of the package torch, where it is installed."""

import shutil

import pandas
import pytest

import vernier


def test_without_libtorch_the_remedy_is_named(no_libtorch):
    with pytest.raises(vernier.VernierError) as caught:
        vernier.Scorer()
    assert str(caught.value) == (
        "the model needs libtorch, which is not installed or not complete; run pip install 'vernier[models]'"
    )


def test_votes_need_no_libtorch(no_libtorch, votes):
    assert len(vernier.scale(votes, bootstrap=0).scores) == 8


def test_the_default_model_scores_with_an_interval(pictures):
    with vernier.Scorer() as scorer:
        frame = scorer(pictures[:2])
    assert frame["error"].isna().all()
    assert (frame["low"] < frame["score"]).all() and (frame["score"] < frame["high"]).all()
    assert frame["outside"].notna().all()


def test_a_model_is_trained_on_a_scale(votes, pictures, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    for number, name in enumerate("abcdefgh"):
        shutil.copy(pictures[number % 6], images / f"{name}.png")
    split = pandas.DataFrame(
        {
            "IMAGE": [f"{name}.png" for name in "abcdefgh"],
            "SPLIT": ["Train", "Train", "Valid", "Test"] * 2,
        }
    )
    scales = vernier.scale(votes, bootstrap=0)
    run = vernier.train(scales, images, split, tmp_path / "run", epochs=2, threads=1)
    assert len(run.predictions) == 8 and run.record
    with vernier.Scorer(run.folder, region="full") as scorer:
        assert scorer(images / "a.png")["score"].notna().all()
    with pytest.raises(vernier.VernierError, match="none"):
        vernier.train(scales, images / "none", split, tmp_path / "other")
