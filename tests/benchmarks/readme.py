"""The benchmark's table in both READMEs, between two marks; all outside of them stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import Machine
from rows import Row

BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
_ROOT = Path(__file__).parents[2]
_FORECASTS = ("llama-0.15b", "llama-0.5b", "llama-1.2b")
_FORECAST_SIZES = ("0.15 B", "0.5 B", "1.2 B")


@dataclass(frozen=True)
class Language:
    """A README, the table's head, the verdicts, and how machine and versions are introduced."""

    file: Path
    head: tuple[str, ...]
    verdicts: Mapping[str, str]
    machine: str
    number: int

    def cell(self, row: Row) -> str:
        """Median, and the spread where there were several runs."""
        if not row.values:
            return row.note
        text = row.unit.text(row.median)
        return text if len(set(row.values)) == 1 else f"{text} ({row.spread})"


ENGLISH = Language(
    _ROOT / "README.md",
    ("what", "median (least – most)", "at least", "aim", "reached"),
    {"yes, the aim": "the aim", "yes": "yes", "NO": "**no**"},
    "Machine: {machine}. {versions}.",
    0,
)
CHINESE = Language(
    _ROOT / "README.zh-CN.md",
    ("项目", "中位数（最小 – 最大）", "至少", "目标", "是否达到"),
    {"yes, the aim": "达到目标", "yes": "是", "NO": "**否**"},
    "测试机器：{machine}。{versions}。",
    1,
)

LINES: Mapping[str, tuple[str, str]] = {
    "job/job/cp": ("job ÷ `cp -r`, neither waits for the disk", "任务 ÷ `cp -r`（均不等待磁盘）"),
    "job/synced/cp-sync": ("job, synced ÷ `cp -r` + `sync -f`", "任务（同步到磁盘）÷ `cp -r` + `sync -f`"),
    "job/peft/job": ("PEFT script ÷ job", "PEFT 脚本 ÷ 任务"),
    "command/command/job": ("whole command ÷ job", "整条命令 ÷ 任务"),
    "job/job": ("job, not waiting for the disk", "任务（不等待磁盘）"),
    "job/synced": ("job, synced", "任务（同步到磁盘）"),
    "job/peft": ("PEFT script", "PEFT 脚本"),
    "job/cp": ("`cp -r` of the base", "对基础模型执行 `cp -r`"),
    "job/bare": ("arithmetic and writes alone, nothing checked", "仅计算与写入，不做任何检查"),
    "job/bare/cp": ("the same ÷ `cp -r`", "同上 ÷ `cp -r`"),
    "job/bare-cpu": ("processor seconds of the same", "同上的处理器时间"),
    "job/cpu": ("processor seconds of the job, user + system", "任务的处理器时间（用户 + 系统）"),
    "job/resident": ("peak memory beyond imports", "除导入的库之外的内存峰值"),
    "job/anonymous": ("of it anonymous", "其中匿名内存"),
    "job/mapped": ("of it pages of mapped files", "其中映射文件的页面"),
    "job/peft-resident": ("peak memory of the PEFT script", "PEFT 脚本的内存峰值"),
    "job/same": ("SHA-256 of the weights equals PEFT's, every round", "权重的 SHA-256 与 PEFT 相同（每一轮）"),
    "large-memory/resident": ("8 B: peak memory beyond imports", "8 B：除导入的库之外的内存峰值"),
    "hollow/resident": ("1 T, hollow: peak memory beyond imports", "1 T（空心）：除导入的库之外的内存峰值"),
    "hollow/job": ("1 T, hollow: job", "1 T（空心）：任务"),
    "wide/attention": ("1 T: preflight and plan, adapter on attention", "1 T：预检与计划，适配器作用于注意力"),
    "wide/attention-memory": ("the same, peak memory of the process", "同上，进程的内存峰值"),
    "wide/experts": ("1 T: preflight and plan, adapter on experts", "1 T：预检与计划，适配器作用于专家"),
    "wide/experts-memory": ("the same, peak memory of the process", "同上，进程的内存峰值"),
    "many/experts": ("18,432 experts: preflight", "18,432 个专家：预检"),
    "verify/full/merge": ("full `verify` ÷ merge", "完整 `verify` ÷ 合并"),
    "verify/quick": ("quick `verify`", "快速 `verify`"),
    "nf4/job/cp": ("NF4 dequantised ÷ `cp -r` of what is written", "NF4 反量化 ÷ 对写出内容执行 `cp -r`"),
    "int4/job/cp": ("INT4 dequantised ÷ `cp -r` of what is written", "INT4 反量化 ÷ 对写出内容执行 `cp -r`"),
    "dora/job/cp": ("DoRA ÷ `cp -r`", "DoRA ÷ `cp -r`"),
    "experts/job/cp": ("Mixtral-shaped experts ÷ `cp -r`", "Mixtral 形状的专家 ÷ `cp -r`"),
    "two-adapters/job/cp": ("two adapters ÷ `cp -r`", "两个适配器 ÷ `cp -r`"),
    "float32/job/cp": ("float32 output ÷ `cp -r` of it", "float32 输出 ÷ 对其执行 `cp -r`"),
    "modules-to-save/job/cp": ("modules trained whole ÷ `cp -r`", "整体训练的模块 ÷ `cp -r`"),
    "adalora/job/cp": ("AdaLoRA ÷ `cp -r`", "AdaLoRA ÷ `cp -r`"),
    "conv/job/cp": ("convolutions ÷ `cp -r`", "卷积 ÷ `cp -r`"),
    "window": ("command to window, warm", "从命令到窗口（热启动）"),
    "window-past": ("command to window, warm, with 200 past merges", "从命令到窗口（热启动，有 200 次过往合并）"),
    "gap-first": ("longest event-loop gap, first merge", "事件循环最长停顿（首次合并）"),
    "gap-later": ("longest event-loop gap, later merge", "事件循环最长停顿（之后的合并）"),
    "gap-queue": ("longest event-loop gap, queue of 20 small merges", "事件循环最长停顿（20 个小合并的队列）"),
    **{
        f"forecast/{name}/off": (f"{size}: forecast of time off by", f"{size}：时间预测的偏差")
        for name, size in zip(_FORECASTS, _FORECAST_SIZES, strict=True)
    },
}
_PEER_LINES: Mapping[str, tuple[str, str]] = {
    "slower": ("÷ job of MergeDesk", "÷ MergeDesk 的任务"),
    "resident": ("peak memory beyond imports", "除导入的库之外的内存峰值"),
    "unequal": ("tensors whose bytes are not PEFT's", "字节与 PEFT 不同的张量数"),
}


def write(groups: Mapping[str, Sequence[Row]], machine: Machine) -> None:
    """Put the table of what was measured into both READMEs."""
    rows = [row for of_group in groups.values() for row in of_group]
    for language in (ENGLISH, CHINESE):
        text = language.file.read_text(encoding="utf-8")
        language.file.write_text(replaced(text, rendered(rows, machine, language)), encoding="utf-8")


def replaced(text: str, table: str) -> str:
    """The document with another table between its marks. Raises ValueError where it has no such marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def rendered(rows: Iterable[Row], machine: Machine, language: Language) -> str:
    """The rows that the README shows, in its order, and the machine."""
    by_key = {row.key: row for row in rows if row.key}
    shown = [(texts[language.number], by_key[key]) for key, texts in LINES.items() if key in by_key]
    shown += [(_peer_label(key, row, language), row) for key, row in by_key.items() if _is_peer_line(key)]
    lines = [_line(language.head), _line(["---"] * len(language.head))]
    lines += [_line([label, *_cells(row, language)]) for label, row in shown]
    end = language.machine.format(machine=machine.sentence(), versions=machine.versions_sentence())
    return "\n".join([*lines, "", end])


def _cells(row: Row, language: Language) -> tuple[str, ...]:
    return language.cell(row), *row.marks(), language.verdicts.get(row.reached, "")


def _is_peer_line(key: str) -> bool:
    group, _, name = key.partition("/")
    return group == "peers" and name.rpartition("/")[2] in _PEER_LINES


def _peer_label(key: str, row: Row, language: Language) -> str:
    peer = row.what.partition(",")[0]
    return f"{peer} {_PEER_LINES[key.rpartition('/')[2]][language.number]}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
