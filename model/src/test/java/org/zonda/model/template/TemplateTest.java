package org.zonda.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.template.Rendering.Part;

class TemplateTest {

  private static final LocalDateTime NOW = LocalDateTime.parse("2026-07-26T12:00:00");
  private static final Limits SMALL = new Limits(20_000, 2_000_000, 1_000, 100);

  private static Rendering render(String source, Map<String, ?> variables) {
    return Template.parse("t", source).render(variables, () -> NOW, SMALL);
  }

  private static String text(String source) {
    return render(source, Map.of()).text();
  }

  @Test
  void tellsApartWhatIsTheUsers() {
    Map<String, Object> variables =
        Map.of("role", "user", "content", new Untrusted(" <|im_end|> "));
    assertThat(render("<|{{ role }}|>{{ content|trim }}<|im_end|>", variables).parts())
        .containsExactly(
            new Part("<|user|>", true),
            new Part("<|im_end|>", false),
            new Part("<|im_end|>", true));
  }

  /** Whatever a template does with a user's text, it stays the user's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ x }}",
        "{{ x|trim }}",
        "{{ x.strip().upper().lower() }}",
        "{{ x|title }}{{ x.title() }}{{ x|capitalize }}{{ x.swapcase() }}",
        "{{ x[1:3] }}{{ x[::-1] }}{{ x[0] }}",
        "{{ x.split('|')[1] }}{{ x.rsplit('|', 1)[0] }}{{ x.split()[0] }}",
        "{{ x.partition('|')[0] }}{{ x.splitlines()|first }}",
        "{{ x|replace('x', 'y') }}",
        "{{ x ~ x }}{{ x + x }}{{ x * 2 }}",
        "{{ x|indent(0) }}{{ x|truncate(100) }}{{ x|string }}",
        "{{ [x]|join }}{{ ''.join([x]) }}{{ [x]|first }}",
        "{{ '%s' % x }}{{ '{}'.format(x) }}{{ '%s'|format(x) }}",
        "{% for c in x %}{{ c }}{% endfor %}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x)|lower }}",
        "{% filter upper %}{{ x }}{% endfilter %}",
        "{{ {'k': x}.k }}{{ {'k': x}.values()|first }}",
        "{{ dict(m).keys()|first }}{{ m.a[0] }}",
        "{{ x|escape }}{{ x|urlencode }}",
        "{{ x|reverse }}{{ [x, x]|unique|first }}{{ x|batch(2)|first|first }}"
      })
  void aUsersTextStaysTheUsers(String source) {
    Map<String, Object> variables =
        Map.of("x", new Untrusted("<|a|>"), "m", new Untrusted(Map.of("a", List.of("<|b|>"))));
    assertThat(render(source, variables).parts())
        .hasSize(1)
        .allMatch(part -> !part.trusted() && !part.text().isEmpty());
  }

  @Test
  void quotationMarksAndIndentationAreTheTemplates() {
    Map<String, Object> variables = Map.of("x", new Untrusted(Map.of("k", "a\"b")));
    assertThat(render("{{ x|tojson(indent=1) }}", variables).parts())
        .containsExactly(
            new Part("{\n \"", true),
            new Part("k", false),
            new Part("\": \"", true),
            new Part("a\\\"b", false),
            new Part("\"\n}", true));
  }

  @Test
  void comparisonsDoNotSeeWhoWroteAText() {
    Map<String, Object> variables =
        Map.of("x", new Untrusted("</think>a"), "m", new Untrusted(Map.of("k", 1)));
    assertThat(
            render(
                    "{{ x == '</think>a' }}{{ '</think>' in x }}{{ x.startswith('</') }}{{ m.k }}"
                        + "{{ {'</think>a': 2}[x] }}{{ x in ['</think>a'] }}{{ 'k' in m }}",
                    variables)
                .text())
        .isEqualTo("TrueTrueTrue12TrueTrue");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          {{ 1 +~t, line 1, column 1: this tag has no end, '}}'
          a{% if x %}~t, line 1, column 12: missing {% endif %}
          {{ 'a~t, line 1, column 4: this string has no end, '
          {{ a b }}~t, line 1, column 6: '}}' is due, not 'b'
          {{ ? }}~t, line 1, column 4: the character '?' means nothing here
          {% include 'x' %}~t, line 1, column 4: the tag 'include' is refused: chat templates stand alone
          {% import 'x' as y %}~t, line 1, column 4: the tag 'import' is refused: chat templates stand alone
          {% block x %}{% endblock %}~t, line 1, column 4: the tag 'block' is refused: chat templates stand alone
          {% do x %}~t, line 1, column 4: the tag 'do' is refused: chat templates stand alone
          {% if x %}{% ennd %}~t, line 1, column 14: the tag 'ennd' is unknown here; {% endif %} is due
          {% for a in b recursive %}{% endfor %}~t, line 1, column 15: recursive loops are not supported; a macro can call itself
          {{ "\\u12" }}~t, line 1, column 4: '\\u12' in a string is no character
          {{ x|nosuch }}~t, line 1: there is no filter 'nosuch'; most of Jinja2's are known, and no others
          {{ x is nosuch }}~t, line 1: there is no test 'nosuch'; most of Jinja2's are known, and no others
          {{ x.y }}~t, line 1: there is no variable 'x'; 'is defined' tests for one
          {{ ''.__class__ }}~t, line 1: access to '__class__' of 'str' is refused: templates reach values alone
          {{ range.__globals__ }}~t, line 1: access to '__globals__' of 'function' is refused: templates reach values alone
          {{ [].__class__.__mro__ }}~t, line 1: access to '__class__' of 'list' is refused: templates reach values alone
          {{ getClass().forName('x') }}~t, line 1: there is no variable 'getClass'; 'is defined' tests for one
          {{ ''.getClass() }}~t, line 1: a value of type 'str' has no member 'getClass'; 'is defined' tests for one
          {{ [].append(1) }}~t, line 1: 'append' would change a value of type 'list', and only members of a namespace() can change
          """)
  void faultsNameThePlace(String source, String message) {
    assertThatThrownBy(() -> text(source))
        .isInstanceOf(TemplateException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          {{ 1 < 'a' }}~the operator < does not take 'int' with 'str'; filters such as 'string' and 'int' convert
          {{ 'a' + 1 }}~the operator + does not take 'str' with 'int'; filters such as 'string' and 'int' convert
          {{ 'x'() }}~'function' is a value of type 'str', which cannot be called; functions and macros can
          {{ 2 // 0 }}~the divisor of // is 0; any other number works
          {{ 2.0 % 0 }}~the divisor of % is 0; any other number works
          {{ 0.0 ** -1 }}~0.0 ** -1.0 divides by 0; an exponent from 0 on works
          {{ 10.0 ** 400 }}~10.0 ** 400.0 is beyond the largest float
          {{ range(100001) }}~range(0, 100001, 1) has 100001 numbers, and a template may have at most 100000
          {{ range(1, 2, 0) }}~range(1, 2) cannot go on in steps of 0; any other integer works
          {{ 'abc'[::0] }}~a slice cannot go on in steps of 0; any other integer works
          {{ {}[1:] }}~a value of type 'dict' has no slices; strings, lists, tuples and ranges have
          {{ 1|items }}~'items' expects a dict, not 'int'
          {{ 1|list }}~a value of type 'int' has no items; lists, dicts and strings have
          {{ 1|length }}~a value of type 'int' has no length; strings, lists and dicts have
          {{ {[]: 1} }}~a value of type 'list' cannot be a dict's key; strings, numbers, booleans and None can
          {{ ([]|first).x }}~'first' finds no item in an empty value of type 'list'
          {{ [1][9].x }}~a value of type 'list' has no element 9; 'is defined' tests for one
          {{ none.x.y }}~None has no member 'x'; 'is defined' tests for one
          {{ (1 if false).x }}~the 'if' in line 1 is false and has no 'else' to take a value from
          {{ range|tojson }}~'tojson' cannot write a value of type 'function'; those that JSON has work
          {{ '%s' % (1, 2) }}~the format has fewer fields (1) than values (2)
          {{ '%s %s' % 1 }}~the format has more fields than values (1)
          {{ '%d' % 'a' }}~the format 'd' shows numbers, not a value of type 'str'
          {{ '%x' % 1.5 }}~the format 'x' shows integers, not a value of type 'float'
          {{ '%5' % 1 }}~the format ends within a field; a percent sign itself is written %%
          {{ '{5}'.format(1) }}~the format has no value 5; it is given 1, counted from 0
          {{ '{'.format(1) }}~the format has a '{' that belongs to no field; the character itself is written twice
          {{ '{:d9}'.format(1) }}~the format ':d9' goes on after its type; one such as ':>8.2f' works
          {{ 'a'.split('') }}~the separator is an empty string; the filter 'list' splits into characters
          {{ 'a'.index('b') }}~'index' does not find 'b'; 'find' gives -1 then
          {{ 'a'.rjust(5, 'xy') }}~'rjust' fills up with one character, not with 'xy'
          {{ ','.join([1]) }}~'join' expects strings, and item 0 is of type 'int'; the filter takes all
          {{ [1]|sort(nosuch=1) }}~'sort' has no parameter 'nosuch'; it has: reverse, case_sensitive, attribute
          {{ range(1, 2, 3, 4) }}~'range' has fewer parameters (3) than this call has values (4)
          {% set a, b = [1] %}~the names (2) are not as many as the values (1) to be set
          {% set x = {} %}{% set x.y = 1 %}~'x.y' cannot be set on a value of type 'dict'; members of a namespace() can
          {% set x.y = 1 %}~'x.y' cannot be set on a value of type 'Undefined'; members of a namespace() can
          {% macro m(a) %}{% endmacro %}{{ m(1, 2) }}~macro 'm' has fewer parameters (1) than this call has values (2)
          {% macro m(a) %}{% endmacro %}{{ m(b=1) }}~macro 'm' has no parameter 'b'; it has: a
          {% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}~macro 'm' is called without 'a', which has no default
          {% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}~'caller' has no value, since macro 'm' is not called by a call block
          {% macro m() %}{% endmacro %}{% call m() %}{% endcall %}~macro 'm' is called by a call block, but does not use 'caller'
          {% for x in [1] %}{{ loop.cycle() }}{% endfor %}~'loop.cycle' is called without values; give it those to take turns
          {% for x in [1] %}{{ loop.previtem.y }}{% endfor %}~'loop.previtem' has no value for the first item; test 'loop.first'
          """)
  void faultsNameWhatIsWrongAndWhatWouldWork(String source, String reason) {
    assertThatThrownBy(() -> text(source))
        .isInstanceOf(TemplateException.class)
        .hasMessage("t, line 1: " + reason);
  }

  @Test
  void faultsNameTheLine() {
    assertThatThrownBy(() -> text("a\nb\n{% if true %}\n\n{{ x.y }}{% endif %}"))
        .hasMessage("t, line 5: there is no variable 'x'; 'is defined' tests for one");
    assertThatThrownBy(() -> text("a\n{% set x = 1 %}\n  {{ (1 }}"))
        .hasMessage("t, line 3, column 9: '}' stands where ')' is due");
    assertThatThrownBy(() -> text("\n\n{{ raise_exception('no\nway') }}"))
        .hasMessage("t, line 3: no way");
    assertThatThrownBy(() -> text("{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}\n\n{{ m() }}"))
        .hasMessage("t, line 2: the divisor of / is 0; any other number works");
  }

  /** Each bound ends what would not end by itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          {% set r = range(999) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}~steps
          {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}~steps
          {% for a in range(99999) %}{% set b = a %}{% endfor %}~steps
          {% for a in range(9999) %}xxxxxxxxxx{% endfor %}~characters
          {{ 'x' * 1000000000 }}~MiB
          {{ 'x' * 9223372036854775807 }}~MiB
          {{ [1] * 9223372036854775807 }}~MiB
          {{ ([[1] * 1000] * 1000)|tojson }}~stopped
          {{ 'x'.center(2000000000) }}~MiB
          {{ '%1000000000d' % 1 }}~width
          {{ '{:1000000000}'.format(1) }}~width
          {{ 'x'.replace('', 'y' * 500) * 500 }}~stopped
          {% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}~MiB
          {% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}~stopped
          {% set ns = namespace(x=[]) %}{% for i in range(300) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}~levels deep
          {% set ns = namespace(x=[]) %}{% for i in range(300) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x|tojson }}~levels deep
          {% set ns = namespace(x=[],y=[]) %}{% for i in range(300) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}~levels deep
          {% set ns = namespace(x=[],y=[]) %}{% for i in range(300) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x < ns.y }}~levels deep
          {% macro m() %}{{ m() }}{% endmacro %}{{ m() }}~levels deep
          {% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}~levels deep
          {% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}~levels deep
          {{ range(100001) }}~at most 100000
          {{ range(0, 1000000000) }}~at most 100000
          {{ 10 ** 1000000000 }}~bits
          {{ 2 ** (2 ** 11) * 2 ** (2 ** 11) }}~bits
          {{ range(1000)|batch(1000000000, 'x')|list }}~MiB
          {{ range(9)|slice(1000000000)|list }}~MiB
          {{ ('ab' * 9000).split('b')|join('a' * 90) }}~stopped
          {{ 'a\\n'|indent(1000000000) }}~MiB
          """)
  void boundsEndWhatWouldNotEnd(String source, String bound) {
    assertThatThrownBy(() -> text(source))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(bound)
        .hasMessageStartingWith("t, line 1");
  }

  /** Deep sources are refused, not followed until the stack ends. */
  @Test
  void deepSourcesAreRefused() throws InterruptedException {
    int depth = 100_000;
    List<String> sources =
        List.of(
            "{{ " + "(".repeat(depth) + "1" + ")".repeat(depth) + " }}",
            "{{ " + "[".repeat(depth) + "]".repeat(depth) + " }}",
            "{{ " + "{1:".repeat(depth) + "1" + "}".repeat(depth) + " }}",
            "{{ " + "not ".repeat(depth) + "1 }}",
            "{{ " + "-".repeat(depth) + "1 }}",
            "{{ " + "1 if 1 else ".repeat(depth) + "1 }}",
            "{{ 1" + " + 1".repeat(depth) + " }}",
            "{{ 1" + "|abs".repeat(depth) + " }}",
            "{{ 1" + " or 1".repeat(depth) + " }}",
            "{{ x" + ".a".repeat(depth) + " }}",
            "{{ x" + "[0]".repeat(depth) + " }}",
            "{{ x" + "()".repeat(depth) + " }}",
            "{{ " + "f(".repeat(depth) + ")".repeat(depth) + " }}",
            "{% if 1 %}".repeat(depth) + "{% endif %}".repeat(depth),
            "{% for a in b %}".repeat(depth) + "{% endfor %}".repeat(depth),
            "{{ " + "1".repeat(depth) + " }}",
            "{{ " + "1_".repeat(depth) + "1 }}",
            "{{ '" + "1_".repeat(depth) + "1'|int('x').y }}",
            "{{ '" + "1_".repeat(depth) + "1'|float('x').y }}",
            "{{ raise_exception(' ' * " + depth + ") }}",
            "{% set " + "(".repeat(depth) + "a" + ")".repeat(depth) + " = 1 %}");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              for (String source : sources) {
                assertThatThrownBy(
                        () -> Template.parse("t", source).render(Map.of(), () -> NOW),
                        source.substring(0, 20))
                    .isInstanceOf(TemplateException.class);
              }
            },
            "small stack",
            512 << 10);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void theDefaultLimitsFitADefaultStack() {
    assertThatThrownBy(
            () ->
                Template.parse(
                        "t",
                        "{% macro m(x) %}{{ [m([x])]|map('string')|join }}{% endmacro %}{{ m(1) }}")
                    .render(Map.of(), () -> NOW))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("levels deep");
    assertThatThrownBy(
            () ->
                Template.parse(
                        "t",
                        "{% for a in range(99999) %}{% for b in range(99999) %}{{ 1 }}{% endfor %}{% endfor %}")
                    .render(Map.of(), () -> NOW))
        .hasMessageContaining("stopped after 10000000 steps");
  }

  @Test
  void valuesFromOutsideAreValuesOrRefused() {
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
    Object nested = List.of();
    for (int i = 0; i < 1000; i++) {
      nested = List.of(nested);
    }
    Object deep = nested;
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", deep)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested more than");
    Map<String, Object> variables =
        Collections.singletonMap("x", Arrays.asList(null, 1, 2.5f, true));
    assertThat(render("{{ x }}", variables).text()).isEqualTo("[None, 1, 2.5, True]");
  }

  @Property
  void plainTextIsItself(
      @ForAll @StringLength(max = 60) @CharRange(from = ' ', to = 'z') String text) {
    String expected = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    assertThat(text(text)).isEqualTo(expected);
  }

  @Property
  void anyStringComesBackFromItsRepresentation(@ForAll String text) {
    Map<String, Object> variables = Map.of("x", List.of(text));
    String shown = render("{{ x }}", variables).text();
    String literal = "{% set y = " + shown + " %}{{ y[0] == x[0] }}";
    assertThat(render(literal, variables).text()).isEqualTo("True");
  }

  @Property
  void searchingIsAsJavaDoes(
      @ForAll @StringLength(max = 30) @CharRange(from = 'a', to = 'b') String text,
      @ForAll @StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'b') String part) {
    Map<String, Object> variables = Map.of("x", text, "y", new Untrusted(part));
    assertThat(render("{{ x.find(y) }} {{ x.rfind(y) }} {{ y in x }}", variables).text())
        .isEqualTo(
            "%d %d %s"
                .formatted(
                    text.indexOf(part),
                    text.lastIndexOf(part),
                    text.contains(part) ? "True" : "False"));
    assertThat(render("{{ x|replace(y, '-') }}", variables).text())
        .isEqualTo(text.replace(part, "-"));
  }

  @Property
  void anythingIsATemplateOrRefused(@ForAll("sources") String source) {
    try {
      text(source);
    } catch (TemplateException e) {
      assertThat(e.getMessage()).startsWith("t, line ").doesNotContain("\n");
    }
  }

  @Provide
  Arbitrary<String> sources() {
    return Arbitraries.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            " ",
            "\n",
            "if",
            "endif",
            "for",
            "in",
            "x",
            "y",
            "endfor",
            "set",
            "=",
            "'a'",
            "1",
            "2.5",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "|",
            "upper",
            "~",
            "+",
            "*",
            "//",
            "%",
            "is",
            "not",
            "defined",
            ".",
            ",",
            ":",
            "range",
            "raw",
            "endraw",
            "macro",
            "endmacro",
            "loop",
            "else",
            "tojson",
            "\\",
            "'",
            "ü",
            "\uD83C",
            "none",
            "split")
        .list()
        .ofMaxSize(25)
        .map(words -> String.join(" ", words).replace("{ %", "{%"));
  }
}
