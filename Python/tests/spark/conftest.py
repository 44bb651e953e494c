"""One session for all tests: two cores, four tries."""

import pytest


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    from vernier import spark

    session = spark.session("local[2,4]")
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
