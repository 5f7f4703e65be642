"""The sentences for tools, steps and remarks, in English; the window translates the same templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..domain.messages import QT_TRANSLATE_NOOP, fill
from .codes import Outcome, Remark, StepCode, Tool, UsageCode

T = QT_TRANSLATE_NOOP


class Words(NamedTuple):
    """How it turned out, what is so, and what to do (empty where nothing needs doing)."""

    outcome: Outcome
    sentence: str
    way_out: str = ""


TOOL_NAMES: Mapping[Tool, str] = {
    Tool.TRANSFORMERS: "transformers",
    Tool.VLLM: "vLLM",
    Tool.OLLAMA: "Ollama",
    Tool.LM_STUDIO: "LM Studio",
    Tool.LLAMA_CPP: "llama.cpp",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASS: T("wording", "Fits"),
    Outcome.WARN: T("wording", "Mind"),
    Outcome.FAIL: T("wording", "Breaks"),
    Outcome.UNKNOWN: T("wording", "Open"),
}

STEPS: Mapping[StepCode, str] = {
    StepCode.LOAD: T("wording", "Load it in Python"),
    StepCode.SERVE: T("wording", "Serve it"),
    StepCode.ASK: T("wording", "Ask the server"),
    StepCode.CONVERT: T("wording", "Convert it to GGUF, in llama.cpp's folder"),
    StepCode.RUN: T("wording", "Run it"),
    StepCode.QUANTIZE: T("wording", "Or smaller, in about 4 bits a weight"),
    StepCode.CREATE: T("wording", "Import it with the Modelfile"),
    StepCode.IMPORT: T("wording", "Give it to LM Studio"),
    StepCode.CONVERT_MLX: T("wording", "Or convert it to MLX, for this Mac"),
}

WORDS: Mapping[UsageCode, Words] = {
    # What the folder is
    UsageCode.PACKED_WEIGHTS: Words(
        Outcome.WARN,
        T("wording", "The weights are packed ({method}). Tools that expect plain weights stop at their names or types."),
        T("wording", "Merge into the 16-bit original, or let MergeDesk dequantise the base."),
    ),
    UsageCode.TRAINING_NAMES: Words(
        Outcome.FAIL,
        T("wording", "{count} tensors have names that only training knows ({names}), so loaders skip or refuse them."),
        T("wording", "Merge again from base and adapter, and save what merge_and_unload returns."),
    ),
    UsageCode.OWN_CODE: Words(
        Outcome.WARN,
        T("wording", "config.json asks for code in the folder, which MergeDesk never ran or checked."),
        T("wording", "Read that code; if you trust it, add trust_remote_code=True to both from_pretrained calls."),
    ),
    UsageCode.OWN_CODE_FLAG: Words(
        Outcome.WARN,
        T("wording", "config.json asks for code in the folder; vLLM runs it only if it is told to."),
        T("wording", "Read that code; if you trust it, and vLLM does not know the class itself, add --trust-remote-code."),
    ),
    UsageCode.OWN_CODE_NOT_RUN: Words(
        Outcome.WARN,
        T("wording", "config.json asks for code in the folder, which this tool does not run: it uses its own."),
        T("wording", "If it does not know the class, use transformers or vLLM."),
    ),
    UsageCode.ARCHITECTURE_LISTED: Words(
        Outcome.PASS, T("wording", "{name} is in the tool's list ({source})."),
    ),
    UsageCode.ARCHITECTURE_UNLISTED: Words(
        Outcome.WARN,
        T("wording", "{name} is not in the tool's list as MergeDesk knows it ({source}, read {date})."),
        T("wording", "A newer version may have it: ask the tool's own list of models."),
    ),
    UsageCode.ARCHITECTURE_NOT_IMPORTED: Words(
        Outcome.WARN,
        T("wording", "Ollama does not import {name} from such a folder, as far as MergeDesk knows ({source}, read {date})."),
        T("wording", "Convert it with llama.cpp first; the Modelfile names the file that comes out."),
    ),
    UsageCode.ARCHITECTURE_UNSTATED: Words(
        Outcome.FAIL,
        T("wording", "config.json names no architecture, and tools choose their code by it."),
        T("wording", "Copy “architectures” from the base model's original config.json."),
    ),
    UsageCode.TASK_NOT_OFFERED: Words(
        Outcome.WARN,
        T("wording", "This tool does not run models of this kind ({name}); it is made for models that write text."),
        T("wording", "Use it with transformers."),
    ),
    UsageCode.PROCESSOR_MISSING: Words(
        Outcome.FAIL,
        T("wording", "The model looks at pictures, but the folder has no preprocessor_config.json or processor_config.json."),
        T("wording", "Copy it from the base model's original folder."),
    ),
    UsageCode.NEEDS_PROJECTOR: Words(
        Outcome.WARN,
        T("wording", "The converter writes the part that looks at pictures to a second file."),
        T("wording", "Convert a second time with --mmproj, and give both files to the program."),
    ),
    # Numbers
    UsageCode.FLOAT32_LARGE: Words(
        Outcome.WARN,
        T("wording", "The weights are float32 and take {total_bytes}; in 16 bits they would take {half_bytes}."),
        T("wording", "Merge with precision bfloat16 if 32 bits are not needed."),
    ),
    UsageCode.FLOAT32_CUT: Words(
        Outcome.WARN,
        T("wording", "The weights are float32, and vLLM runs those in 16 bits unless told otherwise."),
        T("wording", "Add --dtype float32 to keep them whole, at twice the memory."),
    ),
    UsageCode.SIZE_KEPT: Words(
        Outcome.PASS, T("wording", "The import keeps the 16 bits of {dtype}, about {total_bytes}; --quantize makes it smaller."),
    ),
    UsageCode.DTYPE_STATED_OTHERWISE: Words(
        Outcome.WARN,
        T("wording", "config.json says {stated}, but the weights are {stored}; loaders that follow the config convert them."),
        T("wording", "Name the type when loading, as the code above does, or correct “dtype” in config.json."),
    ),
    # Vocabulary
    UsageCode.VOCABULARY_FITS: Words(
        Outcome.PASS, T("wording", "The tokenizer, added tokens included, has as many ids as the embeddings have rows: {rows}."),
    ),
    UsageCode.VOCABULARY_PADDED: Words(
        Outcome.PASS,
        T("wording", "The embeddings have {rows} rows for {length} ids; the {count} spare ones are padding, which tools fill up."),
    ),
    UsageCode.VOCABULARY_TOO_SHORT: Words(
        Outcome.FAIL,
        T("wording", "The tokenizer makes {length} ids, added tokens included, but the embeddings have only {rows} rows. Converters say “Vocab size mismatch”, and the first of those tokens stops a running model."),
        T("wording", "Use the tokenizer the base came with, or merge an adapter that brings rows for the added tokens."),
    ),
    UsageCode.VOCABULARY_STATED_OTHERWISE: Words(
        Outcome.FAIL,
        T("wording", "config.json says vocab_size {stated}, but the embeddings have {rows} rows. Loaders stop over the different shape."),
        T("wording", "Set vocab_size to {rows} in config.json."),
    ),
    UsageCode.VOCABULARY_UNKNOWN: Words(
        Outcome.UNKNOWN,
        T("wording", "Without a tokenizer.json that can be read it is not known whether the ids fit the {rows} rows of the embeddings."),
        T("wording", "Load the tokenizer once with transformers and save it again, which writes tokenizer.json."),
    ),
    UsageCode.TOKENIZER_MISSING: Words(
        Outcome.FAIL,
        T("wording", "The folder has no tokenizer file that this tool reads ({files})."),
        T("wording", "Copy the tokenizer's files from the base model's folder."),
    ),
    UsageCode.TOKENIZER_READY: Words(Outcome.PASS, T("wording", "The tokenizer is there: {files}.")),
    UsageCode.SENTENCEPIECE_MISSING: Words(
        Outcome.WARN,
        T("wording", "For {name} the converter reads tokenizer.model, and the folder has none."),
        T("wording", "Copy tokenizer.model from the base model's original folder."),
    ),
    UsageCode.PRETOKENIZER_UNKNOWN: Words(
        Outcome.UNKNOWN,
        T("wording", "The converter recognises a BPE tokenizer by what it makes of a test text; only it can tell whether it knows this one."),
        T("wording", "If it says “BPE pre-tokenizer was not recognized”, use a newer llama.cpp, or the tokenizer the base came with."),
    ),
    UsageCode.HEAD_AND_TIED: Words(
        Outcome.WARN,
        T("wording", "config.json ties head and embeddings, yet a head is stored: transformers ignores it, and other tools may not."),
        T("wording", "If the two differ, set tie_word_embeddings to false; “Check an existing merge” tells."),
    ),
    UsageCode.HEAD_ABSENT: Words(
        Outcome.FAIL,
        T("wording", "config.json says that the head is a matrix of its own, but none is stored, so a loader makes a random one."),
        T("wording", "Set tie_word_embeddings to true if the base ties them; otherwise merge again."),
    ),
    # Where an answer ends
    UsageCode.END_TOKEN_AGREES: Words(
        Outcome.PASS, T("wording", "Tokenizer and configs agree on the token that ends a text: {token} ({id})."),
    ),
    UsageCode.END_TOKEN_DIFFERS: Words(
        Outcome.WARN,
        T("wording", "The tokenizer ends a text with {token} ({id}), but generation stops only at {ids}. Answers may run on."),
        T("wording", "Add {id} to eos_token_id in generation_config.json."),
    ),
    UsageCode.END_TOKEN_UNKNOWN: Words(
        Outcome.UNKNOWN,
        T("wording", "The files do not say which token ends a text, or which id it has."),
        T("wording", "Ask it something; if it does not stop, set eos_token_id in generation_config.json."),
    ),
    UsageCode.TURN_END_STOPS: Words(
        Outcome.PASS, T("wording", "The chat template ends an answer with {token} ({id}), and generation stops there."),
    ),
    UsageCode.TURN_END_RUNS_ON: Words(
        Outcome.WARN,
        T("wording", "The chat template ends an answer with {token} ({id}), but nothing stops there, so the model talks on with itself."),
        T("wording", "Set eos_token_id to [{ids}] in generation_config.json, or give the tool {token} as a stop."),
    ),
    # Chat template
    UsageCode.TEMPLATE_PRESENT: Words(
        Outcome.PASS, T("wording", "The chat template is in tokenizer_config.json, where every tool finds it."),
    ),
    UsageCode.TEMPLATE_SEPARATE: Words(
        Outcome.PASS,
        T("wording", "The chat template is a file of its own; versions from before the middle of 2025 look only into tokenizer_config.json."),
    ),
    UsageCode.TEMPLATE_TWICE: Words(
        Outcome.WARN,
        T("wording", "There are two different chat templates; transformers takes chat_template.jinja, older tools the one in tokenizer_config.json."),
        T("wording", "Keep the one the adapter was trained with, and remove the other."),
    ),
    UsageCode.TEMPLATE_MISSING: Words(
        Outcome.WARN,
        T("wording", "There is no chat template, so the model completes text; chat windows and chat endpoints refuse it or guess a format."),
        T("wording", "If the adapter was trained on chats, copy chat_template.jinja from what it was trained with."),
    ),
    UsageCode.TEMPLATE_BROKEN: Words(
        Outcome.FAIL,
        T("wording", "The chat template cannot be rendered: {reason}"),
        T("wording", "Copy the chat template from the base model's original folder."),
    ),
    # Sampling
    UsageCode.GENERATION_CONFIG_ODD: Words(
        Outcome.WARN,
        T("wording", "generation_config.json sets {fields}, which have no effect without {switch}; some versions refuse to save that."),
        T("wording", "Remove those fields, or set {switch}."),
    ),
    UsageCode.DEFAULTS_TAKEN: Words(
        Outcome.PASS,
        T("wording", "vLLM samples as generation_config.json says: {values}. With --generation-config vllm it does not."),
    ),
    # The Modelfile
    UsageCode.TEMPLATE_TRANSLATED: Words(
        Outcome.PASS,
        T("wording", "The chat template translates into Ollama's language; trial talks came out the same, letter for letter. Tools are not in it."),
    ),
    UsageCode.TEMPLATE_NOT_TRANSLATED: Words(
        Outcome.WARN,
        T("wording", "The chat template has rules that cannot be translated exactly, so the Modelfile has no TEMPLATE, and Ollama guesses one."),
        T("wording", "Compare “ollama show --template” with the chat template, or use llama.cpp, which reads the original."),
    ),
    UsageCode.SYSTEM_NOT_TAKEN: Words(
        Outcome.WARN,
        T("wording", "The chat template refuses or drops system messages, and so the Modelfile's template leaves them out."),
        T("wording", "Put such instructions into the first question."),
    ),
    UsageCode.DATE_FIXED: Words(
        Outcome.WARN,
        T("wording", "The chat template puts today's date in, which Ollama's cannot; the Modelfile has what the template says without a clock."),
        T("wording", "Correct the date in the Modelfile if it matters."),
    ),
    # LM Studio
    UsageCode.NEEDS_GGUF: Words(
        Outcome.PASS,
        T("wording", "LM Studio runs GGUF files, and MLX on a Mac, not this folder itself: llama.cpp's converter makes the file."),
    ),
}  # fmt: skip


def remark_message(remark: Remark) -> str:
    """One remark as a sentence and its way out, in English."""
    words = WORDS[remark.code]
    return " ".join(fill(part, remark.data) for part in (words.sentence, words.way_out) if part)
