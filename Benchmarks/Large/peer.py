"""One peer on one votes file, in a process of its own: read, fit, and write the scores.

    python3 peer.py evalica|arena-rank VOTES OUT
"""

import json
import sys

import pandas as pd


def evalica(votes):
    import evalica

    winners = votes["choice"].map({"a": evalica.Winner.X, "b": evalica.Winner.Y, "tie": evalica.Winner.Draw})
    return evalica.bradley_terry(votes["image_a"], votes["image_b"], winners).scores.to_dict()


def arena_rank(votes):
    from arena_rank.models.bradley_terry import BradleyTerry
    from arena_rank.utils.data_utils import PairDataset

    votes["winner"] = votes["choice"].map({"a": "model_a", "b": "model_b", "tie": "tie"})
    data = PairDataset.from_pandas(votes, competitor_cols=["image_a", "image_b"])
    result = BradleyTerry(n_competitors=len(data.competitors)).compute_ratings_and_cis(data)
    return dict(zip(result["competitors"], map(float, result["ratings"])))


def main():
    name, path, out = sys.argv[1:]
    votes = pd.read_csv(path, usecols=["image_a", "image_b", "choice"], dtype=str)
    scores = {"evalica": evalica, "arena-rank": arena_rank}[name](votes)
    with open(out, "w") as file:
        json.dump({str(key): float(value) for key, value in scores.items()}, file)


if __name__ == "__main__":
    main()
