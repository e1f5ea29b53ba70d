"""What Jinja2 renders, for the interpreter's tests: writes semantics.json beside this file.

Of a snippet that is refused it keeps the kind of the error alone, not its words.

Needs Python with jinja2 (3.1.6 was used). The environment is the one that Hugging Face transformers
renders chat templates in. Run it again after adding snippets:

    python3 semantics.py
"""

import datetime
import json
import pathlib

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime.datetime(2026, 7, 6, 9, 5, 3, 42)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("same"), [], [], body).set_lineno(line)

    def same(self, caller):
        return caller()


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


ENVIRONMENT = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
)
ENVIRONMENT.filters["tojson"] = to_json
ENVIRONMENT.globals["raise_exception"] = raise_exception
ENVIRONMENT.globals["strftime_now"] = lambda format: NOW.strftime(format)

VARIABLES = {
    "text": "Hello, World!",
    "spaced": "  a b\tc \n",
    "wide": "¿Qué tal? 你好 🌪️",
    "html": "<b>\"x\" & 'y'</b>",
    "yes": True,
    "no": False,
    "nothing": None,
    "one": 1,
    "big": 18446744073709551615,
    "half": 0.5,
    "tiny": 1e-07,
    "huge": 1e22,
    "list": [3, 1, 2],
    "words": ["b", "A", "c", "a"],
    "empty": [],
    "map": {"b": 1, "a": {"x": [1, 2.5, None, True, "ü"]}, "items": "mine"},
    "nested": [[1, 2], [3, [4, 5]]],
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello", "tool_calls": []},
        {"role": "user", "content": "Bye"},
    ],
}

EXPRESSIONS = r"""
1
-1
- -1
+true
1_000
0x1F
0b101
0o17
1.0
1e3
1.5e-3
1_0.5
100000000000000000000
2**64
2**-1
2**0.5
-2**2
2**3**2
7//2
-7//2
7//-2
7%3
-7%3
7%-3
7/2
6/2
7.5//2
-7.5//2
-7.5%2
7.5%-2
1//0.3
0.1+0.2
1e16
1e15
123456789012345680.0
1e-4
1e-5
1e22
1.0e100
5e-324
1.7976931348623157e308
1e400
2e-323
1e23
9007199254740993.0
1.1e-5
-1e400
0.0*-1
big
big+1
big*big
tiny
huge
half
true+true
true*3
not true
not not 1
1 == 1.0
1 == true
0 == false
'1' == 1
none == none
[1] == [1.0]
[1,2] == (1,2)
(1,2) == (1,2)
{'a':1} == {'a':1.0}
{'a':1} == {'a':2}
1 < 2 < 3
1 < 3 < 2
3 > 2 >= 2 != 1
1 < 2.5
'a' < 'b'
'a' < 'B'
[1,2] < [1,3]
[1,2] < [1,2,0]
(1,'a') < (1,'b')
'Z' < '你'
1 < 'a'
none < 1
{} < {}
1 in [1,2]
1.0 in [1]
'ell' in text
'' in text
'z' not in text
1 in 'abc'
'b' in map
'z' in map
1 in nothing
1 in missing
'x' in 5
2 in range(3)
not 1 in [1]
1 and 2
0 and 2
0 or 'x'
'' or none
1 or missing.x
none and missing.x
1 if yes
1 if no
(1 if no) is defined
1 if no else 2
1 if no else 2 if no else 3
'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1,'b'] ~ missing
'a' 'b' "c"
'a' + 'b'
'a' + 1
1 + 'a'
'a' + none
'a' + missing
missing + 'a'
missing + 1
1 - 'a'
'ab' * 3
3 * 'ab'
'ab' * -1
'ab' * 1.5
[1] * 2
[1] + [2]
[1] + (2,)
(1,) + (2,)
(1,)
()
(1)
1, 2
[]
[1, 'a', none, true, 1.5, [], {}, ()]
{}
{'a': 1, 2: 'b', none: 0.1}
{'a': 1, 'a': 2}
{[1]: 2}
'it\'s'
"say \"hi\""
['it\'s', 'a"b', 'both \' and "', 'tab\t', 'nl\n', 'back\\slash', 'del\x7f', 'nbsp\u00a0', 'ü', '\u200b', '\U0001F32A']
'\x41\u00e9\101\q\
x'
'\a\b\f\v'|tojson
'a\nb'
text
wide
wide|length
wide[0]
wide[-2]
wide[::-1]
wide[2:6]
text[0]
text[-1]
text[99]
text[1:4]
text[:-1]
text[::2]
text[::-1]
text[5:1]
text[5:1:-1]
text[none:none]
text[-3:]
text[100:]
text[::0]
text['a']
text.0
list[0]
list[-1]
list[3]
list[1:]
list[::-1]
list.0
list[true]
list['x']
list[0.5]
list[1.0]
nested[1][1][0]
nested.1.1.0
(1,2,3)[1:]
(1,2,3)[0]
range(10)[2:5]
range(10)[-1]
range(3)
range(1,3)
range(0,10,3)
range(5,0,-2)
range(0)
range(3)|list
range(100001)
range(1,2,0)
range(3)|length
map.b
map['b']
map.a.x
map.a.x[4]
map.items
map['items']
map.missing
map.missing.x
map['missing']
map.missing is defined
missing
missing.x
missing['x']
missing()
missing|length
missing|list
missing is undefined
missing == missing
missing == none
missing|default('d')
missing.x|default('d')
none|default('d')
none|default('d', true)
''|default('d', boolean=true)
0|d(5, true)
nothing
nothing.x
nothing.x.y
nothing[0]
yes
no
yes and no
one.x
one.x is defined
1.x
text.missing
text.missing is defined
text()
map()
text.upper
text.upper()
text.lower()
'hELLO wORLD'.capitalize()
"they're bill's".title()
'a-b c_d 1e'.title()
'Abc'.swapcase()
'ß'.upper()
'ŉx'.upper()
'İ'.lower()|length
'abc'.center(8)
'abc'.center(7)
'abcd'.center(7)
'abc'.center(8,'*')
'abc'.ljust(5) ~ '|'
'abc'.rjust(5)
'abc'.rjust(5,'xy')
'42'.zfill(5)
'-42'.zfill(5)
'+4'.zfill(1)
spaced.strip() ~ '|'
spaced.lstrip() ~ '|'
spaced.rstrip() ~ '|'
'xxabcxx'.strip('x')
'xyabcyx'.strip('xy')
'xxabcxx'.lstrip('x')
'xxabcxx'.rstrip('xc')
'abc'.strip('')
'abc'.strip(none)
'\u00a0a\u2003'.strip()
'a b  c'.split()
' a b  c '.split()
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
'a,b,,c'.rsplit(',', 1)
'a b c'.split(none, 1)
'a b c'.rsplit(none, 1)
' a b c '.split(maxsplit=1)
'abc'.split('')
''.split()
''.split(',')
'aXXbXXc'.split('XX')
'aaa'.split('aa')
'aaa'.rsplit('aa')
'a\nb\r\nc\rd'.splitlines()
'a\nb\n'.splitlines(true)
''.splitlines()
'a=b=c'.partition('=')
'a=b=c'.rpartition('=')
'abc'.partition('=')
'abc'.rpartition('=')
', '.join(['a','b'])
', '.join([])
','.join('abc')
','.join([1])
'aaa'.replace('a','b')
'aaa'.replace('a','b',2)
'aaa'.replace('aa','b')
'abc'.replace('','-')
'abc'.replace('','-',2)
'abc'.replace('x','y')
'abc'.replace('a')
'abc'.startswith('ab')
'abc'.startswith(('x','ab'))
'abc'.startswith('b',1)
'abc'.startswith('c',1,2)
'abc'.startswith('')
'abc'.startswith(1)
'abc'.endswith('bc')
'abc'.endswith('b',0,2)
'abc'.endswith('abcd')
'abcabc'.count('bc')
'aaaa'.count('aa')
'abc'.count('')
'abcabc'.find('c')
'abcabc'.find('c',3)
'abcabc'.find('x')
'abcabc'.rfind('b')
'abcabc'.index('c')
'abcabc'.index('x')
'abcabc'.rindex('c')
'ababab'.rfind('abab')
'abc'.removeprefix('a')
'abc'.removeprefix('x')
'abc'.removesuffix('bc')
'abc'.removesuffix('')
'a\tb\tc'.expandtabs(4)
'abc'.isalpha()
'ab1'.isalnum()
'12'.isdigit()
'²'.isdigit()
'½'.isnumeric()
'1'.isdecimal()
''.isalpha()
'  '.isspace()
'Ab'.isupper()
'AB1'.isupper()
'ab'.islower()
'1'.islower()
'Ab Cd'.istitle()
'AbC'.istitle()
'aé'.isascii()
''.isascii()
'{} and {}'.format(1, 'b')
'{1}{0}'.format('a','b')
'{a} {b.x}'.format(a=1, b={'x': 2})
'{0[x]} {0[y]}'.format({'x': 2, 'y': 3})
'{0[1]}'.format([1,2])
'{{}} {}'.format(1)
'{!r} {!s}'.format('a', 'b')
'{:>5}|{:<5}|{:^5}|'.format('a', 'b', 'c')
'{:*^7}'.format('a')
'{:05d} {:+d} {:,}'.format(42, 42, 1234567)
'{:.2f} {:8.3f}|{:.0%}'.format(3.14159, 2.5, 0.256)
'{:x} {:X} {:o} {:b}'.format(255, 255, 8, 5)
'{:.3}'.format('abcdef')
'{}'.format()
'{'.format(1)
'}'.format(1)
'{x}'.format(1)
'{5}'.format(1)
'{} {} {} {}'.format(1.0, none, true, [1,'a'])
'{0.__class__}'.format(1)
'%s and %r' % ('a', 'b')
'%d %5d|%-5d|%05d' % (1, 2, 3, 4)
'%.2f %f %8.3f' % (3.14159, 2, 2.5)
'%x %X %o' % (255, 255, 8)
'%s' % [1,2]
'%s' % 'a'
'%d' % 3.9
'%(a)s-%(b)d' % {'a': 'x', 'b': 2}
'%s' % ()
'%s' % (1, 2)
'%d' % 'a'
'100%%' % ()
'%5s|%-5s|%.2s' % ('abc', 'abc', 'abc')
'%+d % d' % (3, 4)
'%s %s'|format('a', 'b')
'%(x)s'|format(x=1)
{'a':1}.keys()
{'a':1}.values()
{'a':1}.items()
{'a':1}.items()|list
{'a':1}.keys()|list
{'a':1}.get('a')
{'a':1}.get('b')
{'a':1}.get('b', 2)
{'a':1}.get([])
{'a':1}.copy()
{'a':1}.pop('a')
{'a':1}.update({'b':2})
[1].append(2)
[1].append is defined
[1,2,1].count(1)
[1,2].index(2)
[1,2].index(3)
(1,2).index(2)
[3,1].sort()
{'a':1}.items()[0]
messages|length
messages[0].role
messages[-1]['content']
messages[2].content.split('</think>')[-1].lstrip('\n')
messages|map(attribute='role')|list
messages|map(attribute='role')|join(', ')
messages|selectattr('role','equalto','user')|list|length
messages|selectattr('role','eq','user')|map(attribute='content')|list
messages|rejectattr('role','in',['user','system'])|map(attribute='role')|list
messages|selectattr('tool_calls')|list
messages|selectattr('tool_calls','defined')|list|length
messages|selectattr('role','nosuch')|list
messages|groupby('role')|map('first')|list
messages|groupby('role')|length
messages|map('length')|list
messages|map(attribute='none', default='-')|list
messages|selectattr('role','eq','user')|length
(messages|selectattr('role','eq','user')|first).content
(messages|selectattr('role','eq','user')|last).content
messages|last
list|sort
list|sort(reverse=true)
words|sort
words|sort(case_sensitive=true)
words|sort(true)
messages|sort(attribute='role')|map(attribute='content')|list
messages|sort(attribute='role,content')|map(attribute='content')|list
[1,'a']|sort
list|first
empty|first
empty|last
empty|first is defined
list|last
list|min
list|max
empty|max
words|min
words|max
list|sum
[0.5, 1]|sum
[{'v':1},{'v':2}]|sum(attribute='v')
[[1],[2]]|sum(start=[])
list|reverse|list
'abc'|reverse
list|unique|list
['a','A','b']|unique|list
['a','A','b']|unique(true)|list
list|join
list|join('-')
words|join(d=', ')
'abc'|join('-')
[1,none,true,missing]|join(',')
list|list
'abc'|list
map|list
map|length
map|items|list
missing|items|list
list|items
nothing|selectattr('role')|list
0|map('upper')|list
5|map('upper')|list
false|reject|list
nothing|list
map[1:]
missing[1:]
[[1,2],[1,2]]|sort
[missing,missing]|sort
'abc' % [1]
'abc' % missing
'abc' % (1,)
0//-1.5
0.0**-1
10.0**400
range(3).index(2)
[1,2]|truncate(5)
'x' in missing
missing in map
[1] in map
{'b':1,'A':2}|dictsort
{'b':1,'A':2}|dictsort(true)
{'b':1,'A':2}|dictsort(by='value')
{'b':1,'A':2}|dictsort(reverse=true)
list|map('string')|list
['1','x']|map('int')|list
['1','x']|map('int', 7)|list
list|select('odd')|list
list|select('gt', 1)|list
list|reject('odd')|list
[0,1,'',none]|select|list
[0,1,'',none]|reject|list
list|batch(2)|list
list|batch(2,'x')|list
range(7)|slice(3)|list
range(7)|slice(3,'x')|list
'5'|int
'5.9'|int
' 5 '|int
'x'|int
'x'|int(3)
'x'|int(default=none)
'0x1f'|int(base=16)
'1f'|int(0, 16)
'1_000'|int
5.9|int
-5.9|int
true|int
none|int
[1]|int
missing|int
'1.5'|float
'1.'|float
'.5'|float
'.'|float
'1_0.5e-1_0'|float
'1__0'|float
'_1'|float
'1e'|float
'+1'|int
'1_0'|int
'1__0'|int
'_1'|int
'-0'|int
'1e3'|int
0_0
00
1_0e1_0
0x_f
'1e3'|float
'x'|float
'inf'|float
5|float
-5|abs
-5.5|abs
'x'|abs
2.5|round
3.5|round
2.675|round(2)
2.5|round(0,'ceil')
2.5|round(method='floor')
1234|round(-2)
42.55|round(1,'floor')
5|round
5|round(2)
2.5|round(0,'x')
'x'|round
text|upper
text|lower
'hello world-foo (bar'|title
"it's JSON [x]"|title
'hELLO'|capitalize
''|capitalize
spaced|trim ~ '|'
'xxaxx'|trim('x')
none|trim
5|trim
missing|trim
5|string
none|string
[1,'a']|string
1.0|string ~ ''
text|length
none|length
5|length
text|count
text|replace('l','L')
text|replace('l','L',1)
5|replace('5','6')
text|wordcount
'a_b c-d'|wordcount
'a\nb\n\nc'|indent
'a\nb\n\nc'|indent(2)
'a\nb\n\nc'|indent(2,true)
'a\nb\n\nc'|indent(2,first=true,blank=true)
'a\nb\n\nc'|indent(width='> ')
'a\n'|indent ~ '|'
''|indent(first=true) ~ '|'
5|indent
'foo bar baz qux'|truncate(9)
'foo bar baz qux'|truncate(9,true)
'foo bar baz qux'|truncate(11)
'foo bar baz qux'|truncate(11,false,'...',0)
'foo bar baz qux'|truncate(5,end='')
'foobar'|truncate(2)
'abc'|center(9)
'abc'|center(8)
html|escape|string|length
html|e ~ ''
html|safe
'a b/c?ü*~'|urlencode
{'a b':'c d','e':1}|urlencode
[('a','b c')]|urlencode
'x'|nosuch
'x' is nosuch
'x'|upper|lower|title
-1|abs
1|abs + 2
-list|length
(list|length) - 1
list|length - 1
list|length == 3
not list|length == 1
text|length > 5 and yes
text.split(', ')|first
1 is odd
2 is odd
2 is even
2.0 is even
'a' is odd
9 is divisibleby 3
9 is divisibleby(2)
1 is eq 1
1 is equalto(1.0)
1 is ne 2
1 is lt 2
2 is ge 2
1 is gt 'a'
'a' is in ['a']
'a' is in 'abc'
'a' is not in 'abc'
1 is sameas 1
true is sameas true
none is sameas none
1 is sameas true
none is none
missing is none
text is string
1 is string
[] is sequence
{} is sequence
'a' is sequence
() is sequence
1 is sequence
range(2) is sequence
{}.items() is sequence
missing is sequence
[] is iterable
1 is iterable
missing is iterable
'a' is iterable
none is iterable
{} is mapping
[] is mapping
1 is number
true is number
1.0 is number
'1' is number
1 is integer
true is integer
1.0 is integer
1.0 is float
true is boolean
1 is boolean
true is true
1 is true
false is false
'a' is lower
'A' is upper
'1' is lower
5 is lower
range is callable
text is callable
text.upper is callable
missing is callable
'a' is escaped
text is defined and missing is not defined
not missing is defined
text is not string
(text is string) is true
'upper' is defined
map.x is defined or map.b is defined
5 is not divisibleby 2 and yes
[1,2] is sequence and 1 is number
text is string if yes else 0
map|tojson
map|tojson(indent=2)
map|tojson(indent=0)
map|tojson(indent='--')
map|tojson(ensure_ascii=true)
map|tojson(sort_keys=true)
map|tojson(separators=(',',':'))
wide|tojson
wide|tojson(ensure_ascii=true)
html|tojson
[1.0, 1e22, 1e-07, 100, true, none, 'a\nb\t"\\/\x01\x7f']|tojson
{2:2, none:3, true:4, 1.5:5}|tojson
[]|tojson(indent=2)
{}|tojson(indent=2)
[[], {}]|tojson(indent=2)
(1,2)|tojson
1e400|tojson
missing|tojson
range(2)|tojson
range|tojson
map.items()|tojson
nested|tojson(indent=1)
dict(a=1, b='x')
dict({'a':1}, b=2)
dict([('a',1)])
dict(1)
namespace(a=1).a
namespace({'a':1}).a
namespace().x
namespace().x is defined
raise_exception('no way')
raise_exception('line\nbreak') if yes
raise_exception('no') if no
strftime_now('%Y-%m-%d %H:%M:%S')
strftime_now('%d %b %Y, %B %A %a %-d %-m %e|%y %j %I %p %U %W %w %u %%')
strftime_now('%D %F %T %R %V %G %C %h %f')
strftime_now('100%')
''.__class__
''.__class__.__mro__
map.__class__.__name__
''|attr('__class__')|attr('__mro__')
''['__class__']['__base__']
range.__globals__.os
map['__class__']
text|attr('upper')
map|attr('b')
map|attr('missing') is defined
text.upper(1)
text|upper(1)
text|replace
text|indent(foo=1)|length
range()
range('a')
1 +
[1, 2
(1
{'a' 1}
'abc
a b
1 | 2
x is
{{ 1 }}
"\x4"
~
.a
a.
a..b
a[
[1,,2]
[1,]
(1,)[0]
{'a':1,}
f(a=1, 2)
f(a=1, a=2)
true.x
not
a is is b
a is defined is string
*a
"a" if
"""

TEMPLATES = [
    "a\nb\n",
    "a\nb\n\n",
    "a\r\nb\rc\n",
    "\n",
    "",
    "{% if yes %}\nx\n{% endif %}\ny\n",
    "  {% if yes %}\n  x\n  {% endif %}\ny",
    "a {% if yes %} b {% endif %} c",
    "a\n  {%+ if yes %}x{% endif %}\nb",
    "a\n  {%- if yes %}x{% endif -%}\n  b",
    "{% if yes +%}\nx{% endif %}",
    "{% if yes -%}\n\n  x  {%- endif %}",
    "  {{ 1 }}\n  {{- 2 }}\n  {{ 3 -}}\n  4",
    "{{ 1 }}\n\n{{ 2 }}\n",
    "x  {# c #}\ny",
    "  {# c #}\ny",
    "  {#- c -#}  \ny",
    "a {#+ c +#}\ny",
    "a\n{# c\nd #}\nb",
    "{#-#}x{#--#}",
    "{# unfinished",
    "{{ '}}' }}",
    "{{ '{%' }}{{ '%}' }}",
    "{{ {'a': {'b': 1}}['a'] }}",
    "{{{'a':1}}}",
    "{ { x } }",
    "{% raw %}{{ x }}{% y %}{# z #}{% endraw %}",
    "  {% raw -%}  {{ x }}  {%- endraw %}\nz",
    "a{%- raw %}\n  b\n  {% endraw %}\nc",
    "{% raw %}x",
    "{{ 1 }",
    "{{ 1 %}",
    "{% if yes }}",
    "{% if yes %}x",
    "{% if yes %}x{% endfor %}",
    "{% endif %}",
    "{% nosuch %}",
    "{% if %}x{% endif %}",
    "{% if yes %}a{% elif no %}b{% else %}c{% endif %}",
    "{% if no %}a{% elif yes %}b{% else %}c{% endif %}",
    "{% if no %}a{% elif no %}b{% else %}c{% endif %}",
    "{% if missing %}a{% else %}b{% endif %}",
    "{% if 1 == 1 and not no %}a{% endif %}",
    "{%if yes%}a{%else%}b{%endif%}",
    "{% for x in list %}{{ x }},{% endfor %}",
    "{% for x in empty %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in list if x > 5 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in list if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}",
    "{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}",
    "{% for x in list %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
    "{% for x in list %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}",
    "{% for x in list %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1,1,2,2,1] %}{{ loop.changed(x) }} {% endfor %}",
    "{% for x in list %}{% for y in list %}{{ loop.index }}{{ loop.depth }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in list %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in list %}{% for y in list %}{% break %}{% endfor %}{{ x }}{% endfor %}",
    "{% for x in list %}{% break %}{% else %}none{% endfor %}",
    "{% for x in list %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in list %}{% continue %}{{ x }}{% else %}none{% endfor %}",
    "{% raw -%}\u00a0 {{ x }}{% endraw -%}\u00a0y",
    "{% break %}",
    "{% for x in list %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in map %}{{ k }};{% endfor %}",
    "{% for k, v in map|items %}{{ k }};{% endfor %}",
    "{% for k, v in [[1, 2], (3, 4)] %}{{ k }}{{ v }};{% endfor %}",
    "{% for k, (a, b) in [[1, [2, 3]]] %}{{ k }}{{ a }}{{ b }};{% endfor %}",
    "{% for k, v in [[1, 2, 3]] %}{{ k }}{% endfor %}",
    "{% for k, v in [[1]] %}{{ k }}{% endfor %}",
    "{% for k, v in [5] %}{{ k }}{% endfor %}",
    "{% for c in 'añ🌪' %}{{ c }}|{% endfor %}",
    "{% for x in 5 %}{% endfor %}",
    "{% for x in none %}{% endfor %}",
    "{% for x in missing %}x{% else %}none{% endfor %}",
    "{% for x in 1, 2 %}{{ x }}{% endfor %}",
    "{% for x in range(3) %}{{ x }}{% endfor %}{{ x }}",
    "{% for x in list %}{% set y = x %}{% endfor %}{{ y }}",
    "{% set y = 0 %}{% for x in list %}{% set y = y + x %}{{ y }} {% endfor %}{{ y }}",
    "{% set ns = namespace(y=0) %}{% for x in list %}{% set ns.y = ns.y + x %}{% endfor %}{{ ns.y }}",
    "{% set ns = {} %}{% set ns.y = 1 %}",
    "{% set missing.y = 1 %}",
    "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a, b = [1, 2, 3] %}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set (a, b) = 'xy' %}{{ b }}{{ a }}",
    "{% set none = 1 %}",
    "{% set 5 = 1 %}",
    "{% if yes %}{% set y = 1 %}{% endif %}{{ y }}",
    "{% set x %}a{{ 1 }}b{% endset %}{{ x }}",
    "{% set x | upper | replace('A', 'z') %}a{{ 1 }}b{% endset %}{{ x }}",
    "{% set x %}{% set y = 1 %}{% endset %}{{ y }}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a }}",
    "{% filter upper %}a{{ text }}{% endfilter %}",
    "{% filter replace('a', 'b')|upper %}aXa{% endfilter %}",
    "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m(b=5, a=4) }}",
    "{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a, b=1) %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.caller }}{% endmacro %}{{ m(1) }}",
    "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% set x = 2 %}{{ m() }}",
    "{% macro m() %}{% set z = 1 %}{% endmacro %}{{ m() }}{{ z }}",
    "{% macro m() %}{{ x }}{% endmacro %}{% for x in list %}{{ m() }}{% endfor %}",
    "{% macro m(x) %}\n  {{- x }}\n{%- endmacro %}\n{{ m('a') + m('b') }}",
    "{% macro m() %}a{% endmacro %}{{ m()|upper }}{{ m() ~ 'b' }}{{ m() is string }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{{ m() }}{% macro m() %}a{% endmacro %}",
    "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in{% endcall %}",
    "{% macro m() %}{% for x in list %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(y) m() %}({{ y }}){% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}a{% endmacro %}{% call m() %}b{% endcall %}",
    "{% call text %}x{% endcall %}",
    "{% generation %}a{{ 1 }}{% set q = 2 %}{% endgeneration %}{{ q }}",
    "  {% generation %}\na\n  {% endgeneration %}\nb",
    "{% set u = messages|selectattr('role', 'eq', 'user') %}{% for m in u %}{{ m.content }}{% endfor %}{% for m in u %}{{ m.content }}{% endfor %}",
    "{% set u = messages|map(attribute='role') %}{{ u|first }}{{ u|list }}",
    "{% for m in messages[1:] %}{{ m.role }}{{ ' ' if not loop.last }}{% endfor %}",
    "{% for m in messages if m.role != 'system' %}{{ loop.index0 }}{{ m['role'] }}{% endfor %}",
    "{{ messages[0]['nosuch']['x'] }}",
    "{{ messages[9].role }}",
    "{{ messages[9] is defined }}",
    "{%- for m in messages -%}\n  {{- '<|' + m['role'] + '|>\\n' + m['content'] + '\\n' -}}\n{%- endfor -%}\n",
    "{{ 'a' if messages[0].role == 'user' else 'b' if messages[0].role == 'system' else 'c' }}",
    "{% if (messages[0]['role'] == 'user') != (0 % 2 == 0) %}x{% else %}y{% endif %}",
    "{{- 'a' -}}\n\n {{- 'b' -}}",
    "{% print 1 %}",
    "{% print 1, 2 %}",
    "{{ }}",
    "{{ 1; 2 }}",
    "{{ a = 1 }}",
    "{{ 1 }}}}",
    "{% set x = [1, 2, 3] %}{{ x[1:] + x[:1] }}",
    "{% set x = {'b': 1} %}{% for k, v in x.items() %}{{ k ~ v }}{% endfor %}",
    "{% for x in list %}{{ x }}{% set x = 9 %}{{ x }} {% endfor %}",
    "{% for loop in list %}{{ loop }}{% endfor %}",
    "{% set loop = 5 %}{{ loop }}",
    "{{ loop }}",
    "{% for x in list %}{% endfor %}{{ loop is defined }}",
    "{% if true %}{% for x in list %}{{ x }}{% endfor %}{% endif %}",
    "{{ '\n' }}|",
    "{{ 'a\r\nb' }}|",
    "{{\n1\n}}",
    "{%\nif\nyes\n%}x{% endif %}",
    "{{ map\n.b }}",
    "ü{{ 'ü' }}你",
    "{% set ä = 1 %}{{ ä }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% set range = 5 %}{{ range }}",
    "{% set messages = messages[:1] %}{{ messages|length }}",
    "{% set x = 1 %}{% set x = x + 1 %}{{ x }}",
    "{{ x }}{% set x = 1 %}{{ x }}",
    "{% for x in list %}{{ y }}{% set y = x %}{{ y }} {% endfor %}",
    "{%- set f = 'upper' -%}{{ ['a']|map(f)|list }}",
    "{{ dict(a=1).a }}{{ dict(**{'b': 2}).b }}",
    "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}",
]


def case(template):
    try:
        return {"template": template, "expected": ENVIRONMENT.from_string(template).render(VARIABLES)}
    except Exception as error:  # whatever Jinja2 and Python refuse
        return {"template": template, "error": type(error).__name__}


def main():
    expressions = [line for line in EXPRESSIONS.replace("\\\n", "\0").split("\n") if line]
    templates = ["{{ " + line.replace("\0", "\\\n") + " }}" for line in expressions] + TEMPLATES
    cases = [case(template) for template in templates]
    # What prints an address is different each time.
    cases = [c for c in cases if " at 0x" not in c.get("expected", "")]
    lines = ",\n".join(json.dumps(c, ensure_ascii=True) for c in cases)
    variables = json.dumps(VARIABLES, ensure_ascii=True)
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(
        '{"now": "%s",\n"variables": %s,\n"cases": [\n%s\n]}\n' % (NOW.isoformat(), variables, lines)
    )


main()
