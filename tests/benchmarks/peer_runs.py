"""Other mergers, called as their documentation says, with all their imports done. Each runs in a venv of its own.

What they read is what MergeDesk reads: local folders of a base and of one LoRA.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from cases import Case
from prepared import Run


def tinker(case: Case, output: Path) -> Run:
    """tinker-cookbook's ``weights.build_hf_model``: one file of the base after the other."""
    from tinker_cookbook.weights import build_hf_model

    __import__("tinker_cookbook.weights._export._shard")
    _say_little()
    (adapter, _), *_ = case.adapters
    return lambda: build_hf_model(base_model=str(case.base), adapter_path=str(adapter), output_path=str(output))


def mergekit(case: Case, output: Path) -> Run:
    """mergekit's ``passthrough`` of ``BASE+ADAPTER``, as ``mergekit-yaml`` runs it."""
    from mergekit.config import MergeConfiguration
    from mergekit.merge import run_merge
    from mergekit.options import MergeOptions

    __import__(f"transformers.models.{case.model_type}.modeling_{case.model_type}")
    _say_little()
    (adapter, _), *_ = case.adapters
    models = [{"model": f"{case.base}+{adapter}"}]
    config = MergeConfiguration.model_validate({"models": models, "merge_method": "passthrough", "dtype": "bfloat16"})
    cache = output.with_name(f"{output.name}-cache")
    options = MergeOptions(lora_merge_cache=str(cache), copy_tokenizer=False, quiet=True, cuda=False)
    return lambda: run_merge(config, str(output), options=options)


def axolotl(case: Case, output: Path) -> Run:
    """axolotl's memory-efficient merge, which ``axolotl merge-lora`` does unless told otherwise."""
    from axolotl.cli.utils.lora_merge import merge_lora_sharded_efficient

    __import__(f"transformers.models.{case.model_type}.modeling_{case.model_type}")
    _say_little()
    (adapter, _), *_ = case.adapters
    return lambda: merge_lora_sharded_efficient(case.base, adapter, output, device="cpu")


def _say_little() -> None:
    """Only the last line of what a contestant prints is read; but printing takes time, too."""
    logging.disable(logging.INFO)


PEERS: Mapping[str, Callable[[Case, Path], Run]] = {"tinker": tinker, "mergekit": mergekit, "axolotl": axolotl}
