"""Scores over one worker, with the cheapest model."""

import os
import pickle
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import pandas
import PIL.Image
import pytest

import vernier


@pytest.fixture(scope="module")
def scorer():
    with vernier.Scorer("niqe") as scorer:
        yield scorer


def test_a_scorer_knows_its_model(scorer):
    assert (scorer.unit, scorer.attribute, scorer.less_is_better) == ("NIQE (less is better)", "overall", True)
    assert len(scorer.model_sha256) == 64


def test_paths_images_and_arrays_score_alike(scorer, pictures, temporary):
    path = pictures[0]
    image = PIL.Image.open(path)
    frame = scorer([str(path), path, image, numpy.asarray(image), image.convert("RGBA")])
    assert frame["score"].nunique() == 1 and frame["error"].isna().all()
    assert list(frame["photo"]) == [str(path), str(path), str(path), "photo 3", "photo 4"]
    assert list(temporary.iterdir()) == []


def test_rows_keep_the_order_and_equal_the_command(scorer, pictures):
    frame = scorer(reversed(pictures))
    assert list(frame["photo"]) == [str(path) for path in reversed(pictures)]
    done = vernier.program.run(["score", "--model", "niqe", "--csv", *map(str, reversed(pictures))])
    expected = vernier.tables.read_table(done.output)
    assert frame["score"].tolist() == expected["score"].tolist()
    assert frame["model_sha256"].tolist() == expected["model_sha256"].tolist()


def test_one_photo_is_one_row_and_none_is_none(scorer, pictures):
    assert len(scorer(pictures[0])) == 1
    empty = scorer([])
    assert len(empty) == 0 and "score" in empty


def test_broken_photos_are_rows(scorer, pictures, broken):
    frame = scorer([pictures[0], *broken.values(), pictures[1]])
    assert frame["error_kind"].tolist()[1:-1] == list(broken)
    assert frame["score"].notna().tolist() == [True, False, False, False, False, True]
    for kind, path in broken.items():
        with pytest.raises(vernier.VernierError, match=path.name) as caught:
            scorer.score_one(path)
        assert caught.value.kind == kind


def test_broken_images_and_arrays_are_rows(scorer, pictures, broken, temporary):
    with PIL.Image.open(broken["damaged"]) as half:
        flat = numpy.zeros((4, 4), dtype=numpy.uint8)
        frame = scorer([
            half, numpy.zeros((8, 8, 3)), numpy.zeros((3, 8, 8), numpy.uint8), flat, 3, PIL.Image.new("CMYK", (8, 8)),
            pictures[0],
        ])  # fmt: skip
    assert frame["score"].notna().tolist() == [False] * 6 + [True]
    assert frame["error_kind"][0] == "unreadable" and "half.png: can't be read" in frame["error"][0]
    assert frame["error"][1] == "photo 1: has numbers of type float64; give uint8, 0 to 255"
    assert frame["error"][2].startswith("photo 2: has the shape (3, 8, 8)")
    # The program refuses it; the temporary file's name says nothing to the caller.
    assert "too small" in frame["error"][3] and str(temporary) not in frame["error"][3]
    assert frame["error"][4] == "photo 4: is a int; give a path, a PIL image or an array"
    assert "image.convert('RGB')" in frame["error"][5]
    assert list(temporary.iterdir()) == []


def test_an_images_orientation_counts_as_a_files_does(scorer, pictures, tmp_path):
    image = PIL.Image.open(pictures[0])
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", quality=95, exif=exif)
    frame = scorer([tmp_path / "turned.jpg", PIL.Image.open(tmp_path / "turned.jpg")])
    # Two decoders of JPEG may differ by a level in a pixel.
    assert frame["score"][0] == pytest.approx(frame["score"][1], rel=0.01)
    upright = scorer.score_one(numpy.rot90(numpy.asarray(PIL.Image.open(tmp_path / "turned.jpg")), -1).copy())
    assert frame["score"][1] == upright.score


def test_a_killed_worker_is_replaced(pictures):
    with vernier.Scorer("niqe") as scorer:
        before = scorer(pictures)
        pid = scorer._client.worker.pid
        os.kill(pid, signal.SIGKILL)
        pandas.testing.assert_frame_equal(scorer(pictures), before)
        assert scorer._client.worker.pid != pid


def test_a_worker_that_is_killed_in_the_middle_costs_no_photo(scorer, pictures):
    requests = [(number, {"path": str(path)}) for number, path in enumerate(pictures * 5)]
    answers = {}
    for number, answer in scorer._client.answers(requests):
        if not answers:
            os.kill(scorer._client.worker.pid, signal.SIGKILL)
        assert number not in answers
        answers[number] = answer["score"]
    assert [answers[number] for number in range(30)] == scorer(pictures * 5)["score"].tolist()


def test_the_worker_ends_with_the_scorer(pictures):
    scorer = vernier.Scorer("niqe")
    pid = scorer._client.worker.pid
    del scorer
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_threads_and_copies(scorer, pictures):
    expected = scorer(pictures)["score"].tolist()
    with ThreadPoolExecutor(4) as pool:
        assert [score.score for score in pool.map(scorer.score_one, pictures)] == expected
    copy = pickle.loads(pickle.dumps(scorer))
    assert copy(pictures)["score"].tolist() == expected and copy.unit == scorer.unit
    copy.close()


def test_a_verdict_takes_the_scorers_rows(scorer, pictures, votes):
    named = dict(zip([f"{name}.png" for name in "abcdef"], scorer(pictures).to_dict("records"), strict=True))
    frame = pandas.DataFrame([{**row, "photo": name} for name, row in named.items()])
    scales = vernier.scale(votes[votes["scene"] == "s1"], bootstrap=0)
    table = vernier.evaluate(frame, scales, bootstrap=100)
    assert {"srcc", "plcc"} <= set(table["metric"])


def test_faults_of_the_call(scorer, pictures):
    with pytest.raises(vernier.VernierError, match="nonsense: there is no such model"):
        vernier.Scorer("nonsense")
    with pytest.raises(vernier.VernierError, match="scenes: 1 for 2 photos"):
        scorer(pictures[:2], scenes=["s"])
    with pytest.raises(vernier.VernierError, match="region") as caught:
        scorer.score_one(pictures[0], region="nose")
    assert caught.value.kind == "request"


def test_the_calling_form_of_pyiqa(scorer, pictures):
    metric = vernier.create_metric("niqe")
    assert metric.lower_better and metric.metric_name == "niqe"
    expected = scorer(pictures[:2])["score"].tolist()
    assert metric(str(pictures[0])).tolist() == expected[:1]
    batch = numpy.stack([numpy.asarray(PIL.Image.open(path)) for path in pictures[:2]]).transpose(0, 3, 1, 2) / 255
    assert metric(batch).tolist() == expected
    assert metric(batch[1].astype(numpy.float32)).tolist() == expected[1:]
    with pytest.raises(vernier.VernierError, match="outside of 0 to 1"):
        metric(batch * 255)
    with pytest.raises(vernier.VernierError, match="has the shape"):
        metric(batch.transpose(0, 2, 3, 1))
    metric.scorer.close()


def test_a_format_without_a_decoder_is_unsupported():
    # The libvips of pyvips-binary reads no HEVC.
    photo = Path(__file__).parents[2] / "Tests" / "PixelsTests" / "Fixtures" / "plain.heic"
    with vernier.Scorer("brisque") as scorer:
        row = scorer([photo]).iloc[0]
    assert row["error_kind"] == "unsupported"
    assert "the libvips in use has no decoder of HEVC; convert the photo" in row["error"]
