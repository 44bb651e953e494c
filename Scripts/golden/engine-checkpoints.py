#!/usr/bin/env python3
"""Checkpoints in every form that Python writes, and some that must be refused.

usage: engine-checkpoints.py OUT_FOLDER      (needs torch, numpy, safetensors)
"""

import collections
import os
import sys

import numpy as np
import torch
from safetensors.torch import save_file

out = sys.argv[1]
weight = torch.arange(6, dtype=torch.float32).reshape(2, 3)
state = collections.OrderedDict(
    {
        "block.0.weight": torch.nn.Parameter(weight),
        "block.0.bias": torch.tensor([0.5, -0.25], dtype=torch.float16),
        "count": torch.tensor(7),
        "turned": weight.t(),
    }
)
state._metadata = collections.OrderedDict({"": {"version": 1}})


class Attack:
    def __reduce__(self):
        return os.system, ("true",)


def path(name):
    return os.path.join(out, name)


torch.save(dict(state), path("plain.pth"))
torch.save(state, path("ordered.pth"))
torch.save({"epoch": 3, "lr": 0.1, "state_dict": state, "best": None}, path("nested.pth"))
parallel = collections.OrderedDict((f"module.{key}", value) for key, value in state.items())
torch.save(parallel, path("parallel.pth"))
torch.save(state, path("legacy.pth"), _use_new_zipfile_serialization=False)
torch.save({"model": state}, path("legacy-nested.pth"), _use_new_zipfile_serialization=False)
save_file({key: value.detach().clone().contiguous() for key, value in state.items()}, path("python.safetensors"), {"from": "Python"})

torch.save({"weight": weight, "attack": Attack()}, path("object.pth"))
torch.save({"attack": Attack()}, path("legacy-object.pth"), _use_new_zipfile_serialization=False)
torch.save({"epoch": 3}, path("numbers.pth"))
torch.jit.script(torch.nn.Linear(1, 1)).save(path("script.pt"))
np.savez_compressed(path("packed.npz"), a=np.zeros(9))
np.savez(path("arrays.npz"), columns=np.asfortranarray(np.arange(6.0).reshape(2, 3)), single=np.array([1.5, 2.5], np.float32))
