"""Chat templates and patterns that are made to take all time or all memory, as a stranger's folder may hold them."""

from __future__ import annotations

_DOUBLING = (
    "{% set ns = namespace(s='aaaaaaaaaa') %}{% for i in range(60) %}{% set ns.s = DOUBLED %}{% endfor %}{{ ns.s }}"
)
_NESTED = "{% for a in range(200) %}" * 9 + "x" + "{% endfor %}" * 9

HOSTILE_TEMPLATES = {
    "nested ranges": _NESTED,
    "nested ranges, silent": _NESTED.replace("x", ""),
    "nested loops over a text": "{% for a in 'abcdefghij' * 19 %}" * 8 + "{% endfor %}" * 8,
    "doubling by ~": _DOUBLING.replace("DOUBLED", "ns.s ~ ns.s"),
    "doubling by +": _DOUBLING.replace("DOUBLED", "ns.s + ns.s"),
    "doubling by join": _DOUBLING.replace("DOUBLED", "[ns.s, ns.s] | join"),
    "doubling by %": _DOUBLING.replace("DOUBLED", "'%s%s' % (ns.s, ns.s)"),
    "doubling by format": _DOUBLING.replace("DOUBLED", "'{0}{0}'.format(ns.s)"),
    "doubling by the filter format": _DOUBLING.replace("DOUBLED", "'%s%s' | format(ns.s, ns.s)"),
    "doubling by replace": _DOUBLING.replace("DOUBLED", "ns.s | replace('a', 'aa')"),
    "doubling by the method replace": _DOUBLING.replace("DOUBLED", "ns.s.replace('a', 'aa')"),
    "doubling a list": _DOUBLING.replace("'aaaaaaaaaa'", "[1, 2, 3]").replace("DOUBLED", "ns.s + ns.s"),
    "a wide number": "{{ '%2000000000d' % 1 }}",
    "a wide text": "{{ '%2000000000s' % 'a' }}",
    "a wide field": "{{ '{:>2000000000}'.format('a') }}",
    "a wide field of a name": "{{ '{a:>2000000000}'.format(a='a') }}",
    "a wide filter format": "{{ '%2000000000d' | format(1) }}",
    "a precise number": "{{ '%.2000000000f' % 1.5 }}",
    "center": "{{ 'a' | center(2000000000) }}",
    "the method center": "{{ 'a'.center(2000000000) }}",
    "ljust": "{{ 'a'.ljust(2000000000) }}",
    "rjust": "{{ 'a'.rjust(2000000000) }}",
    "zfill": "{{ 'a'.zfill(2000000000) }}",
    "expandtabs": "{{ 'a\tb'.expandtabs(2000000000) }}",
    "indent": "{{ 'a\nb' | indent(2000000000) }}",
    "tojson with an indent": "{{ [[1]] | tojson(indent=2000000000) }}",
    "batch": "{{ [1] | batch(2000000000, 'a') | list }}",
    "slice": "{{ [1] | slice(2000000000, 'a') | list }}",
    "wordwrap": "{{ ('a ' * 90000) | wordwrap(1, wrapstring='b' * 100000) }}",
    "lipsum": "{{ lipsum(n=2000000000) }}",
    "lipsum of long parts": "{{ lipsum(n=1, min=200000000, max=200000001) }}",
    "cycler": "{% set c = cycler('a', 'b') %}"
    + "{% for a in range(200) %}" * 6
    + "{{ c.next() }}"
    + "{% endfor %}" * 6,
    "joiner": "{% set c = joiner('a' * 100000) %}{% for a in range(200) %}" * 3 + "{{ c() }}" + "{% endfor %}" * 3,
    "a macro that calls itself": "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 2) }}{% endmacro %}{{ m(0) }}",
    "a macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
    "{{ m(60) }}",
    "a loop that calls itself": "{% for a in [[1, 2]] recursive %}{{ loop([[1, 2], [1, 2]]) }}{% endfor %}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a product": "{% set ns = namespace(n=10000) %}"
    "{% for a in range(40) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
    "a long product": "{{ 'a' * 2000000000 }}",
    "a long list": "{{ [1] * 2000000000 }}",
    "a group by": "{{ (range(200) | list) * 1000 | map('string') | groupby(0) }}",
    "nested blocks": "{% if true %}" * 5000 + "{% endif %}" * 5000,
    "nested parentheses": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "translate": "{{ ('a' * 190000).translate({97: 'b' * 190000}) }}",
    "urlize": "{{ ('www.a.de ' * 20000) | urlize(rel='b' * 190000) }}",
}

HOSTILE_PATTERNS = {
    "backtracking": r"(?:(?:\w|.)+)+!",
    "backtracking, another": r"(a|a|\w|.)*.*(a|b|\.)*$^",
    "backtracking with references": r"(.+)+\1\1\1\1x",
    "nested groups": "(?:" * 3000 + "a" + ")" * 3000,
    "many alternatives": "|".join(rf"(?:.*{number}.*)+x" for number in range(2000)),
    "a repetition too large": "a{99999999999999999999}",
    "nested repetitions": "(?:(?:(?:(?:.{0,99}){0,99}){0,99}){0,99}){0,99}x",
    "no pattern": "((((",
}
