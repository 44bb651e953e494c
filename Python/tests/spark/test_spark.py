"""Spark: every photo exactly once, whatever breaks."""

import os
import signal
import subprocess
import sys

import pandas
import pytest

import vernier
from vernier import spark

# Scores a photo by the length of its name. A photo «bad» ends it, «tries…» its Spark worker too, the first time.
READY = '{"type":"ready","protocol":1,"task":"score","model":"sha256:1","unit":"u","attribute":"overall"}'
STAND_IN = f"""
import json, os, signal, sys
print('{READY}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    name = os.path.basename(request["path"])
    with open(os.environ["ASKED"], "a") as asked:
        print(request["path"], file=asked)
    if name == "bad":
        os.kill(os.getpid(), 9)
    if name.startswith("tries") and not os.path.exists(request["path"]):
        open(request["path"], "w").close()
        os.kill(os.getppid(), 9)
    if name == "driver" and not os.path.exists(request["path"]):
        open(request["path"], "w").close()
        os.kill(int(os.environ["DRIVER"]), 9)
    if name == "broken":
        answer = {{"error": {{"kind": "damaged", "message": "broken: is damaged; copy it again"}}}}
    else:
        answer = {{"score": len(name)}}
    print(json.dumps({{"id": request["id"], **answer}}), flush=True)
"""


@pytest.fixture
def asked(tmp_path, monkeypatch):
    path = tmp_path / "asked"
    path.touch()
    monkeypatch.setenv("ASKED", str(path))
    return path


@pytest.fixture
def program(stand_in, asked):
    # Spark's Python workers were started before this test: the file's place is written into the program.
    return stand_in(STAND_IN.replace('os.environ["ASKED"]', repr(str(asked))))


def rows(frame):
    return frame.toPandas().sort_values("path").reset_index(drop=True)


def test_photos_are_scored_as_by_a_scorer(session, pictures, broken, tmp_path):
    photos = [*map(str, pictures), *map(str, broken.values())]
    frame = rows(spark.score(photos, "niqe", tmp_path / "out", spark=session)).set_index("path")
    with vernier.Scorer("niqe") as scorer:
        expected = scorer(photos).set_index("photo").loc[frame.index]
    assert frame["score"].dropna().tolist() == expected["score"].dropna().tolist()
    for name in ("error_kind", "error", "unit", "model_sha256"):
        assert frame[name].fillna("").tolist() == expected[name].fillna("").tolist()


def test_the_second_run_does_nothing_and_new_photos_are_added(session, program, asked, tmp_path):
    photos = [f"/photos/{number:03}" for number in range(50)]
    out = tmp_path / "out"
    first = rows(spark.score(photos[:40], "m", out, spark=session, program=program))
    assert len(first) == 40 and len(asked.read_text().split()) == 40
    pandas.testing.assert_frame_equal(rows(spark.score(photos[:40], "m", out, spark=session, program=program)), first)
    assert len(asked.read_text().split()) == 40
    assert len(rows(spark.score(photos, "m", out, spark=session, program=program))) == 50
    assert len(asked.read_text().split()) == 50
    # Other options are other scores.
    assert len(rows(spark.score(photos, "m", out, region="full", spark=session, program=program))) == 50
    assert session.read.parquet(str(out)).count() == 100


def test_a_crash_is_a_row_and_the_others_are_scored(session, program, tmp_path):
    photos = ["/a/bad", "/b/bad", "/a/broken", *(f"/photos/{number:03}" for number in range(30))]
    frame = rows(spark.score(photos, "m", tmp_path / "out", spark=session, program=program)).set_index("path")
    assert frame["error_kind"].dropna().to_dict() == {"/a/bad": "crash", "/b/bad": "crash", "/a/broken": "damaged"}
    assert frame["score"].notna().sum() == 30


def test_a_killed_python_worker_is_tried_again(session, program, tmp_path):
    photos = [str(tmp_path / "tries-1"), *(f"/photos/{number:03}" for number in range(20))]
    frame = rows(spark.score(photos, "m", tmp_path / "out", spark=session, program=program))
    assert len(frame) == 21 and frame["score"].notna().all()


@pytest.mark.parametrize("photos_per_shard", [5, 1000])
def test_the_rows_do_not_depend_on_the_parts(session, program, tmp_path, photos_per_shard):
    photos = [f"/photos/{'x' * (number % 5)}{number}" for number in range(15)]
    out = tmp_path / "out"
    frame = rows(spark.score(photos, "m", out, spark=session, program=program, photos_per_shard=photos_per_shard))
    assert frame["path"].tolist() == sorted(photos)
    assert frame["score"].tolist() == [len(os.path.basename(path)) for path in sorted(photos)]


def test_a_killed_driver_loses_only_its_part(session, stand_in, asked, tmp_path):
    photos = [str(tmp_path / "driver"), *(f"/photos/{number:03}" for number in range(30))]
    text = STAND_IN.replace('os.environ["ASKED"]', repr(str(asked)))
    program = stand_in(text)
    code = (
        "import os, sys; os.environ['DRIVER'] = str(os.getpid())\n"
        "from vernier import spark\n"
        "spark.score(sys.argv[3:], 'm', sys.argv[1], program=sys.argv[2], photos_per_shard=6,"
        " spark=spark.session('local[2,4]'))"
    )
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", code, out, program, *photos], stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    before = session.read.parquet(str(out)).count() if out.exists() and any(out.glob("*.parquet")) else 0
    asked.write_text("")
    frame = rows(spark.score(photos, "m", out, spark=session, program=program))
    assert frame["path"].tolist() == sorted(photos) and frame["score"].notna().all()
    assert session.read.parquet(str(out)).count() == 31
    # What was written is not scored again.
    assert len(asked.read_text().split()) == 31 - before


def test_faults_are_one_line(session, program, tmp_path):
    with pytest.raises(vernier.VernierError, match="nonsense: there is no such model"):
        spark.score(["/a"], "nonsense", tmp_path / "out", spark=session)
    with pytest.raises(vernier.VernierError, match="photos: has no column path"):
        spark.score(pandas.DataFrame({"photo": ["/a"]}), "m", tmp_path / "out", spark=session, program=program)


def test_no_photos_are_no_rows(session, program, tmp_path):
    assert spark.score([], "m", tmp_path / "out", spark=session, program=program).count() == 0


def test_regions_are_cut(session, pictures, broken, tmp_path):
    photos = [*map(str, pictures[:2]), str(broken["damaged"])]
    frame = rows(spark.prepare(photos, "overall", tmp_path / "regions", tmp_path / "out", spark=session))
    frame = frame.set_index("path")
    assert frame["error_kind"].dropna().to_dict() == {str(broken["damaged"]): "damaged"}
    assert all(os.path.isfile(path) for path in frame["region"].dropna())
    assert "widthPixels" in frame.loc[str(pictures[0]), "record"]


def test_scenes_are_scaled_as_by_one_run(session, votes):
    expected = vernier.scale(votes, bootstrap=100).scores
    frame = spark.scale(votes, bootstrap=100, spark=session).toPandas().sort_values(["SCENE", "IMAGE"])
    assert frame["IMAGE"].tolist() == expected["IMAGE"].tolist()
    assert frame["JOD"].tolist() == expected["JOD"].tolist()
    assert frame["CI LOW"].tolist() == expected["CI LOW"].tolist()


def test_scenes_are_evaluated(session, votes):
    scores = spark.scale(votes, bootstrap=100, spark=session).toPandas()
    scores["SCORE"] = scores["JOD"]
    table = spark.evaluate(scores, bootstrap=100, spark=session).toPandas()
    srcc = table[table["metric"] == "srcc"]
    assert sorted(srcc["scene"]) == ["s1", "s2"] and srcc["value"].tolist() == [1, 1]
    with pytest.raises(vernier.VernierError, match="has no column SCORE"):
        spark.evaluate(scores.drop(columns="SCORE"), spark=session)
