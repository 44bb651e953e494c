"""More photos than one machine scores: Spark runs one `vernier worker` for each of its Python workers.

    from vernier import spark

    rows = spark.score("photos.parquet", "niqe", "scores.parquet")      # resumes where it was stopped

Needs Java 17 and `pip install 'vernier[spark]'`.
"""

from .grouped import evaluate, scale
from .photos import prepare, score
from .session import session

__all__ = ["evaluate", "prepare", "scale", "score", "session"]
