"""Several adapters merged by PEFT's own ``add_weighted_adapter``, for comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from peft.tuners.lora import LoraLayer, LoraModel
from tiny_models import load, make_adapter, third_party_noise_off

from mergedesk.domain.requests import Combination, CombinationMethod
from mergedesk.methods.combined import tensor_seed

COMBINED = "combined"
Weighted = Sequence[tuple[Path, float]]


def make_several(kind: str, base: Path, home: Path, *options: dict[str, Any]) -> list[Path]:
    """One random adapter for each set of options."""
    return [
        make_adapter(kind, base, home / f"adapter-{number}", seed=number + 1, **chosen)
        for number, chosen in enumerate(options)
    ]


def merge_several_with_peft(
    kind: str, base: Path, adapters: Weighted, how: Combination, folder: Path, dtype: str = "auto"
) -> Path:
    """PEFT's own script. Where DARE draws, PEFT's generator has MergeDesk's seed of that tensor."""
    with third_party_noise_off():
        combined_model(kind, base, adapters, how, dtype).merge_and_unload(adapter_names=[COMBINED]).save_pretrained(
            folder
        )
    return folder


def merge_one_by_one_with_peft(kind: str, base: Path, adapters: Weighted, folder: Path, dtype: str = "float32") -> Path:
    """PEFT adds each adapter's scaled delta in turn: the same sum, rounded each time."""
    names = [f"adapter{number}" for number in range(len(adapters))]
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load(kind, base, dtype), adapters[0][0], adapter_name=names[0])
        for name, (adapter, _) in zip(names[1:], adapters[1:], strict=True):
            model.load_adapter(adapter, name)
        for module in model.modules():
            if isinstance(module, LoraLayer):
                for name, (_, weight) in zip(names, adapters, strict=True):
                    if name in module.scaling:
                        module.scaling[name] *= weight
        model.merge_and_unload(adapter_names=names).save_pretrained(folder)  # type: ignore[operator]
    return folder


def combined_model(kind: str, base: Path, adapters: Weighted, how: Combination, dtype: str = "auto") -> PeftModel:
    """Base and combined adapter, unmerged."""
    names = [f"adapter{number}" for number in range(len(adapters))]
    model = PeftModel.from_pretrained(load(kind, base, dtype), adapters[0][0], adapter_name=names[0])
    for name, (folder, _) in zip(names[1:], adapters[1:], strict=True):
        model.load_adapter(folder, name)
    tuner: Any = model.base_model
    with _seeded_for_each_tensor(tuner, how):
        tuner.add_weighted_adapter(
            names, [weight for _, weight in adapters], COMBINED, how.method.value, density=how.density,
            majority_sign_method=how.majority_sign.value,
        )  # fmt: skip
    for module in model.modules():
        # PEFT takes the first adapter's rsLoRA for the combined one, whose rank is not what was trained.
        if isinstance(module, LoraLayer) and COMBINED in module.scaling:
            module.scaling[COMBINED] = 1.0
    return model.eval()


@contextmanager
def _seeded_for_each_tensor(tuner: Any, how: Combination) -> Iterator[None]:
    original = LoraModel._generalized_task_arithmetic_weighted_adapter
    names = {module: name for name, module in tuner.model.named_modules()}

    def seeded(self: LoraModel, method: str, adapters: Any, weights: Any, target: Any, *rest: Any) -> Any:
        torch.manual_seed(tensor_seed(how.seed, f"{names[target]}.weight"))
        return original(self, method, adapters, weights, target, *rest)

    with pytest.MonkeyPatch.context() as patch:
        if how.method is not CombinationMethod.CAT:
            patch.setattr(LoraModel, "_generalized_task_arithmetic_weighted_adapter", seeded)
        yield
