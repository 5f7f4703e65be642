"""Findings on how an adapter fits its base: names, shapes and vocabulary."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import PEFT_PREFIX, LoraModule
from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.tokenizer_files import tokenizer_length
from ...domain.dtypes import DTYPES, FLOATING
from ...domain.findings import Code, Data, Finding, error, info, warning
from ...methods.lora.config import expected_modules
from ...methods.peft_methods import names_no_module
from ..changes import is_transposed, packing_of, streamed_modules
from ..keymap import input_embeddings, is_over_vocabulary, map_keys
from ..layer_kind import layer_kind
from ..moe_experts import fits
from ..resolved_adapter import ResolvedAdapter
from ..tied_embeddings import find_tie
from ..vocabulary_resize import Resize
from .adapter_health import broken_fields, rank_findings
from .fit import Fit


def key_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse unless every tensor of the adapter has its place in the base."""
    base, mapped = fit.base, fit.mapped
    unmatched = sorted(mapped.unmatched_modules)
    halves = sorted(mapped.contents.unpaired)
    lora_modules = {pair.module for pair in mapped.contents.lora} if unmatched else set()
    lacking = {*mapped.keys.unmatched}
    biasless = [
        name for name in unmatched
        if name in lora_modules and f"{name}.bias" in lacking and f"{name}.weight" not in lacking
    ]  # fmt: skip
    if biasless:
        yield error(Code.BIAS_WITHOUT_BASE_BIAS, modules=biasless, count=len(biasless))
    if halves:
        yield error(Code.FACTOR_ABSENT, count=len(halves), total=len(mapped.modules), names=halves)
    elif unmatched and not biasless:
        yield error(Code.KEYS_UNMATCHED, count=len(unmatched), total=len(mapped.modules), names=unmatched)
    if not unmatched:
        for renaming in mapped.keys.renamings:
            yield info(Code.KEYS_RENAMED, old=renaming.adapter_prefix or "…", new=renaming.checkpoint_prefix or "…")
        yield from _missing_modules(base, mapped)
        yield from _tied_findings(base, mapped)


def _missing_modules(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Finding]:
    """Modules that the config targets and the base has, but the adapter holds nothing for."""
    matrices = (name for name, record in base.tensors.items() if name.endswith(".weight") and len(record.shape) == 2)
    known = {stored: name for name, stored in mapped.keys.matched.items()}
    own = mapped.keys.own_name
    modules = {(known.get(name) or own(name)).removesuffix(".weight") for name in matrices}
    stated = mapped.adapter.config.get("modules_to_save")
    heads = set(map(str, stated)) if isinstance(stated, list) else set()  # PEFT lists some that a model need not have
    saved = {module for module in modules if heads.intersection(module.split("."))} if heads else set[str]()
    expected = expected_modules(mapped.adapter.config, modules) | saved
    absent = expected - mapped.modules
    if not (mapped.contents.lora or mapped.contents.tuned):
        absent &= saved
    if absent:
        yield warning(Code.MODULES_MISSING, count=len(absent), total=len(expected), names=sorted(absent))


def _tied_findings(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Finding]:
    """Token rows are left out: PEFT trains them for all that share the embedding at once."""
    tie = find_tie(base)
    rows = {f"{module}.weight" for module in mapped.trained_rows}
    unclear = [name for name in mapped.keys.tied if name not in rows and (tie is None or name != tie.head)]
    changed = (stored for name, stored in mapped.keys.matched.items() if name not in rows)
    if unclear or (tie and tie.feeds_more and tie.embeddings in changed):
        yield error(Code.SHARED_EMBEDDING_UNCLEAR, names=unclear or [tie.embeddings if tie else ""])


def shape_findings(fit: Fit) -> Iterator[Finding]:
    """Shapes that do not go together, but for embeddings that a resize would make fit."""
    base, mapped, resize = fit.base, fit.mapped, fit.resize
    if grouped := list(_grouped_convolutions(base, mapped)):
        yield error(Code.CONVOLUTION_GROUPED, names=grouped, count=len(grouped))
        return
    misfits = [misfit for misfit in _misfits(base, mapped) if resize is None or not _resized(misfit, resize)]
    stacked = [(pair, mapped.keys.placed.get(pair.name)) for pair in mapped.contents.lora if pair.experts]
    known = [(pair, placement) for pair, placement in stacked if placement is not None and not misfits]
    unclear = [pair.name for pair, placement in known if packing_of(base, mapped, pair, placement).unclear]
    if unclear:
        yield error(Code.EXPERT_PACKING_UNCLEAR, names=unclear, count=len(unclear))
    yield from _mismatch(misfits)


def dtype_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse to add to what is stored as whole numbers or truth values, as PEFT does: a sum would be cut off."""
    base, mapped = fit.base, fit.mapped
    if FLOATING.issuperset({record.dtype for record in base.tensors.values()}):
        return
    changed = {mapped.stored_name(name) for name in mapped.parameters if name not in mapped.contents.copies}
    odd = [base.tensors[name] for name in changed if name in base.tensors and not base.tensors[name].is_floating]
    if odd:
        names, kinds = sorted(record.name for record in odd), sorted({DTYPES[record.dtype].shown_as for record in odd})
        yield error(Code.TARGETS_NOT_FLOATING, names=names, count=len(names), dtypes=kinds)


def tuned_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse parts of other methods that do not fit; call only where every module was found in the base."""
    config = fit.mapped.adapter.config
    if broken := broken_fields({**config, "lora_alpha": config.get("alpha", 1)}):
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=[name.replace("lora_alpha", "alpha") for name in broken])
        return
    updates = [(target, method.update(target)) for target, method in streamed_modules(fit.base, fit.mapped)]
    misfits = [
        (target.module, target.shape, update.given_shape) for target, update in updates if not update.fits(target.shape)
    ]
    yield from _mismatch(misfits)
    if not misfits:
        yield from rank_findings(config, ((target.module, target.module, update.rank) for target, update in updates))


# Parameter, base shape, adapter shape.
Misfit = tuple[str, tuple[int, ...], tuple[int, ...]]


def _mismatch(misfits: Sequence[Misfit]) -> Iterator[Finding]:
    if misfits:
        name, ours, theirs = misfits[0]
        shapes: dict[str, Data] = {"base_shape": list(ours), "adapter_shape": list(theirs)}
        yield error(Code.SHAPE_MISMATCH, module=name.removesuffix(".weight"), **shapes, count=len(misfits))


def modules_named_in(adapter: Adapter, base: Checkpoint) -> set[str]:
    """The base's modules that an adapter of any method holds tensors for, by the longest part of each name.

    Where names tell nothing, those that its config targets.
    """
    if names_no_module(adapter.peft_type):
        matrices = (name for name, record in base.tensors.items() if len(record.shape) == 2)
        return expected_modules(adapter.config, (name.removesuffix(".weight") for name in matrices))
    names = [name.removeprefix(PEFT_PREFIX).split(".") for name in adapter.tensors]
    candidates = dict.fromkeys(f"{'.'.join(parts[:end])}.weight" for parts in names for end in range(1, len(parts)))
    matched = map_keys(list(candidates), base.tensors, base.config).matched
    return {name.removesuffix(".weight") for name in matched}


def foreign_findings(fit: Fit) -> Iterator[Finding]:
    """For methods whose tensors only PEFT can place: refuse where not one of their modules is in the base."""
    adapter = fit.mapped.adapter
    if adapter.peft_type != "LORA" and adapter.tensors and not modules_named_in(adapter, fit.base):
        names = list(adapter.tensors)
        yield error(Code.KEYS_UNMATCHED, count=len(names), total=len(names), names=names)


def _misfits(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Misfit]:
    unmatched = {*mapped.keys.unmatched, *mapped.keys.scattered}
    right = set[Hashable]()
    for pair in mapped.contents.lora:
        name = pair.name
        kind = layer_kind(base, mapped, pair, name)
        if kind in right or name in unmatched:
            continue
        if wrong := list(_pair_misfit(base, mapped, pair)):
            yield from wrong
        elif kind is not None:
            right.add(kind)
    for name, record in mapped.contents.copies.items():
        if name not in unmatched and record.shape != (shape := mapped.target(base, name).shape):
            yield name, shape, record.shape


def _pair_misfit(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> Iterator[Misfit]:
    name, placement = pair.name, mapped.keys.placed.get(pair.name)
    target = placement or mapped.target(base, name)
    if placement is None and len(pair.a.shape) == len(target.shape) > 2:
        yield from _convolution_misfit(pair, target.shape)
        yield from _magnitude_misfit(pair)
    elif wrong := next((one for one in (pair.a, pair.b) if len(one.shape) != 2), None):
        yield name, target.shape, wrong.shape
    elif placement is not None:
        yield from [] if fits(pair, placement) else [(name, target.shape, (pair.b.shape[0], pair.a.shape[1]))]
    else:
        yield from _matrix_misfit(base, mapped, pair)


def _matrix_misfit(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> Iterator[Misfit]:
    target = mapped.target(base, pair.name)
    delta = (pair.b.shape[0], pair.a.shape[1])
    delta = delta[::-1] if is_transposed(base, mapped.adapter, pair, target) else delta
    if delta != target.shape or pair.a.shape[0] != pair.b.shape[1]:
        yield pair.name, target.shape, delta
    else:
        yield from _magnitude_misfit(pair)


def _magnitude_misfit(pair: LoraModule) -> Iterator[Misfit]:
    if pair.magnitude is not None and pair.magnitude.elements != pair.b.shape[0]:
        yield f"{pair.module}.lora_magnitude_vector", (pair.b.shape[0],), pair.magnitude.shape


def _convolution_misfit(pair: LoraModule, shape: tuple[int, ...]) -> Iterator[Misfit]:
    """A is a convolution of the base's own kernel, B one of a single point."""
    expected = (shape[0], pair.rank, *(1 for _ in shape[2:]))
    if pair.b.shape != expected or (pair.a.shape[1:] != shape[1:] and not _is_grouped(pair, shape)):
        yield pair.name, shape, pair.a.shape if pair.b.shape == expected else pair.b.shape


def _is_grouped(pair: LoraModule, shape: tuple[int, ...]) -> bool:
    """Whether A reads more channels than one output of the base's convolution does, which has groups then."""
    inputs, one_group = pair.a.shape[1], shape[1]
    return pair.a.shape[2:] == shape[2:] and inputs > one_group > 0 and inputs % one_group == 0


def _grouped_convolutions(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[str]:
    """PEFT trains such an adapter and does not merge it: its delta mixes what the groups keep apart."""
    for pair in mapped.contents.lora:
        if len(pair.a.shape) > 2 and pair.name in mapped.keys.matched:
            shape = mapped.target(base, pair.name).shape
            if len(shape) == len(pair.a.shape) and _is_grouped(pair, shape):
                yield pair.module


def _resized(misfit: Misfit, resize: Resize) -> bool:
    """Whether nothing but the vocabulary differs, in the way that the resize puts right."""
    name, ours, theirs = misfit
    rows_differ = (ours[:1], theirs[:1]) == ((resize.before,), (resize.after,))
    return is_over_vocabulary(name) and ours[1:] == theirs[1:] and rows_differ


def tokenizer_findings(fit: Fit) -> Iterator[Finding]:
    """The tokenizer that the result will carry must not make ids that the embeddings lack.

    One that was the base's own and too long already is not held against the adapter.
    """
    base, resize = fit.base, fit.resize
    embeddings = input_embeddings(base.tensors)
    own = next(filter(None, map(tokenizer_length, reversed(fit.mapped.adapter.folders))), None)
    before = tokenizer_length(base.folder) or 0
    length = own if resize is None else own or before
    if embeddings is None or not length:
        return
    rows = resize.after if resize else base.tensors[embeddings].shape[0]
    if length > rows and (length > before or resize is not None):
        yield error(Code.TOKENIZER_TOO_LONG, tokenizer_length=length, base_rows=rows)
