"""The fields of adapter_config.json that PEFT 0.21 has for each method, and their defaults.

A later PEFT's fields are told from these by ``unknown_fields``; a test compares the table with PEFT's own classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_COMMON = frozenset({
    "auto_mapping", "base_model_name_or_path", "inference_mode", "modules_to_save", "peft_type", "peft_version",
    "revision", "target_modules", "task_type",
})  # fmt: skip
# What ms-swift adds to PEFT's LoRA config: learning rates of LoRA+ and the dtype of training. No weight depends on it.
_ONLY_FOR_TRAINING = frozenset({"lora_dtype", "lorap_lr_ratio", "lorap_emb_lr"})
# What Unsloth says about the packing of expert weights, which ``experts`` reads.
_READ_HERE = frozenset({"lora_B_layout"})


@dataclass(frozen=True, slots=True)
class MethodFields:
    """``unset``: fields, space between, whose default is nothing; ``preset``: those whose default says something."""

    unset: str
    preset: Mapping[str, Any]

    @property
    def names(self) -> frozenset[str]:
        """All fields of the method, those that every method has among them."""
        return _COMMON | self.preset.keys() | set(self.unset.split())


_LORA = MethodFields(
    "alora_invocation_tokens alpha_pattern arrow_config corda_config ensure_weight_tying eva_config exclude_modules "
    "fan_in_fan_out kasa_config layer_replication layers_pattern layers_to_transform loftq_config lora_bias "
    "lora_dropout lora_ga_config megatron_config monteclora_config rank_pattern target_parameters "
    "trainable_token_indices use_bdlora use_dora use_qalora use_rslora velora_config",
    {
        "bias": "none", "init_lora_weights": True, "lora_alpha": 8, "megatron_core": "megatron.core",
        "qalora_group_size": 16, "r": 8, "runtime_config": {"ephemeral_gpu_offload": False},
    },
)  # fmt: skip

FIELDS: Mapping[str, MethodFields] = {
    "ADALORA": MethodFields(
        _LORA.unset + " tfinal tinit total_step",
        {
            **_LORA.preset, "beta1": 0.85, "beta2": 0.85, "deltaT": 1, "init_r": 12, "orth_reg_weight": 0.5,
            "target_r": 8,
        },
    ),
    "ADAMSS": MethodFields(
        "layers_pattern layers_to_transform random_seed use_asa use_dynamic_rank",
        {
            "asa_importance_beta": 0.85, "asa_schedule_exponent": 3.0, "asa_target_subspaces": 50,
            "asa_uncertainty_beta": 0.85, "final_warmup": 1000, "init_warmup": 50, "init_weights": "orthogonal",
            "mask_interval": 100, "num_subspaces": 5, "r": 100, "subspace_rank": 1, "svd_threshold": 0.1,
        },
    ),
    "BEFT": MethodFields("", {"init_weights": True}),
    "BOFT": MethodFields(
        "boft_block_num boft_dropout exclude_modules fan_in_fan_out layers_pattern layers_to_transform",
        {
            "bias": "none", "boft_block_size": 4, "boft_n_butterfly_factor": 1, "init_weights": True,
        },
    ),
    "C3A": MethodFields(
        "block_size_pattern layers_pattern layers_to_transform",
        {
            "bias": "none", "block_size": 256, "init_weights": "xavier_uniform",
        },
    ),
    "DEFT": MethodFields(
        "alpha deft_dropout exclude_modules fan_in_fan_out layers_pattern layers_to_transform para",
        {
            "bias": "none", "decomposition_method": "relu", "init_scale": 1.0, "init_weights": True, "r": 8,
        },
    ),
    "DELORA": MethodFields(
        "exclude_modules lambda_pattern layers_pattern layers_to_transform module_dropout rank_pattern",
        {
            "bias": "none", "delora_lambda": 15, "init_weights": True, "r": 8,
        },
    ),
    "FOURIERFT": MethodFields(
        "exclude_modules fan_in_fan_out init_weights layers_pattern layers_to_transform n_frequency_pattern",
        {
            "bias": "none", "n_frequency": 1000, "random_loc_seed": 777, "scaling": 150.0,
        },
    ),
    "FROD": MethodFields(
        "fan_in_fan_out frod_dropout layers_pattern layers_to_transform projection_prng_key "
        "runtime_offload_base_weight",
        {
            "bias": "none", "init_weights": True, "progressbar": True, "regularization_alpha": 0.001,
            "save_projection": True, "sparse_rate": 0.01,
        },
    ),
    "GLORA": MethodFields(
        "",
        {
            "bias": "none", "config_A_B": "lora", "config_C": "lora", "config_D_E": "constant",
            "init_weights": True, "r": 8,
        },
    ),
    "GRALORA": MethodFields(
        "fan_in_fan_out gralora_dropout hybrid_r layers_pattern layers_to_transform",
        {
            "alpha": 64, "bias": "none", "gralora_k": 2, "init_weights": True, "r": 32,
        },
    ),
    "HIRA": MethodFields(
        "exclude_modules fan_in_fan_out hira_dropout layers_pattern layers_to_transform rank_pattern",
        {
            "init_weights": True, "r": 32,
        },
    ),
    "HRA": MethodFields(
        "apply_GS exclude_modules layers_pattern layers_to_transform",
        {
            "bias": "none", "init_weights": True, "r": 8,
        },
    ),
    "IA3": MethodFields("exclude_modules fan_in_fan_out feedforward_modules", {"init_ia3_weights": True}),
    "LN_TUNING": MethodFields("exclude_modules", {}),
    "LOHA": MethodFields(
        "alpha_pattern exclude_modules layers_pattern layers_to_transform module_dropout rank_dropout rank_pattern "
        "use_effective_conv2d",
        {
            "alpha": 8, "init_weights": True, "r": 8,
        },
    ),
    "LOKR": MethodFields(
        "alpha_pattern decompose_both exclude_modules layers_pattern layers_to_transform module_dropout "
        "rank_dropout rank_dropout_scale rank_pattern use_effective_conv2d",
        {
            "alpha": 8, "decompose_factor": -1, "init_weights": True, "r": 8,
        },
    ),
    "LORA": _LORA,
    "MISS": MethodFields(
        "exclude_modules layers_pattern layers_to_transform miss_dropout",
        {
            "bias": "none", "init_weights": True, "mini_r": 1, "r": 64,
        },
    ),
    "OFT": MethodFields(
        "block_share coft exclude_modules fan_in_fan_out layers_pattern layers_to_transform module_dropout r",
        {
            "bias": "none", "eps": 6e-05, "init_weights": True, "num_cayley_neumann_terms": 5,
            "oft_block_size": 32, "use_cayley_neumann": True,
        },
    ),
    "OSF": MethodFields("effective_rank rank_pattern target_svd_config", {"init_weights": True}),
    "PEANUT": MethodFields(
        "depth exclude_modules layers_pattern layers_to_transform",
        {
            "act_fn": "relu", "init_weights": True, "r": 32, "scaling": 1.0,
        },
    ),
    "PSOFT": MethodFields(
        "cayley_neumann_eps exclude_modules fan_in_fan_out layers_pattern layers_to_transform psoft_dropout "
        "random_seed use_cayley_neumann",
        {
            "ab_svd_init": "psoft_init", "init_weights": True, "num_cayley_neumann_terms": 5, "psoft_alpha": 32,
            "psoft_mag_a": True, "psoft_mag_b": True, "psoft_orth": True, "psoft_svd": "full",
            "psoft_svd_lowrank_niter": 10, "r": 32,
        },
    ),
    "PVERA": MethodFields(
        "fan_in_fan_out generator_seed layers_pattern layers_to_transform projection_prng_key pvera_dropout "
        "sample_at_inference",
        {
            "bias": "none", "d_initial": 0.1, "init_weights": True, "r": 256, "save_projection": True,
        },
    ),
    "RANDLORA": MethodFields(
        "fan_in_fan_out layers_pattern layers_to_transform projection_prng_key randlora_dropout sparse very_sparse",
        {
            "bias": "none", "init_weights": True, "r": 32, "randlora_alpha": 640, "save_projection": True,
        },
    ),
    "ROAD": MethodFields("", {"group_size": 64, "init_weights": True, "variant": "road_1"}),
    "SHIRA": MethodFields("fan_in_fan_out random_seed", {"init_weights": True, "mask_type": "random", "r": 32}),
    "SUPERTUNING": MethodFields(
        "lora_alpha lora_dropout r",
        {
            "init_weights": True, "save_precomputed_indices": True, "select_top": True, "sparsity": 0.99,
        },
    ),
    "TINYLORA": MethodFields(
        "fan_in_fan_out layers_pattern layers_to_transform tinylora_dropout weight_tying",
        {
            "bias": "none", "init_v_bound": 0.02, "init_weights": True, "projection_seed": 42, "r": 2,
            "save_projection": True, "u": 64,
        },
    ),
    "TRAINABLE_TOKENS": MethodFields("token_indices", {"init_weights": True}),
    "UNILORA": MethodFields(
        "fan_in_fan_out layers_pattern layers_to_transform save_indices unilora_dropout",
        {
            "bias": "none", "init_theta_d_bound": 0.02, "init_weights": True, "proj_seed": 42, "r": 4,
            "theta_d_length": 256,
        },
    ),
    "VBLORA": MethodFields(
        "exclude_modules fan_in_fan_out layers_pattern layers_to_transform save_only_topk_weights vblora_dropout",
        {
            "bias": "none", "init_logits_std": 0.1, "init_vector_bank_bound": 0.02, "num_vectors": 256, "r": 4,
            "topk": 2, "vector_length": 256,
        },
    ),
    "VERA": MethodFields(
        "fan_in_fan_out layers_pattern layers_to_transform projection_prng_key vera_dropout",
        {
            "bias": "none", "d_initial": 0.1, "init_weights": True, "r": 256, "save_projection": True,
        },
    ),
    "WAVEFT": MethodFields(
        "exclude_modules fan_in_fan_out layers_pattern layers_to_transform n_frequency_pattern "
        "proportional_parameters",
        {
            "bias": "none", "init_weights": True, "n_frequency": 2592, "random_loc_seed": 777, "scaling": 25.0,
            "use_idwt": True, "wavelet_family": "db1",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnknownFields:
    """Config fields this PEFT does not have: those left at nothing, and those that ask for something."""

    idle: tuple[str, ...]
    meaningful: tuple[str, ...]


def unknown_fields(config: Mapping[str, Any], peft_type: str) -> UnknownFields:
    """Sort the fields that ``peft_type`` does not have by whether they say anything about the weights."""
    unknown = sorted(set(config) - FIELDS[peft_type].names - _READ_HERE)
    idle = tuple(name for name in unknown if _is_idle(name, config))
    return UnknownFields(idle, tuple(name for name in unknown if name not in idle))


def _is_idle(name: str, config: Mapping[str, Any]) -> bool:
    """Left at nothing, at a default that PEFT has elsewhere, of use to training only, or part of what is off."""
    value = config[name]
    if not value or name in _ONLY_FOR_TRAINING:
        return True
    presets = (fields.preset[name] for fields in FIELDS.values() if name in fields.preset)
    return any(value == preset and type(value) is type(preset) for preset in presets) or _switched_off(name, config)


def _switched_off(name: str, config: Mapping[str, Any]) -> bool:
    """Whether the config holds a ``use_warp`` that is off for a field ``warp_size``, as ``qalora_group_size`` has."""
    switches = [field for field in config if field.startswith("use_") and name.startswith(field[4:] + "_")]
    return bool(switches) and not any(config[field] for field in switches)
