package org.zonda.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.tokenizer.Golden;

/**
 * Snippets that Jinja2 itself rendered ({@code golden/template/semantics.py}): the same text, or a
 * fault where it has one.
 */
class TemplateSemanticsTest {

  /** Jinja2 lets these pass and renders nothing; here, reaching for the runtime is refused. */
  private static final Set<String> REFUSED =
      Set.of(
          "{{ ''.__class__ }}",
          "{{ ''|attr('__class__')|attr('__mro__') }}",
          "{{ map['__class__'] }}",
          "{{ '{0.__class__}'.format(1) }}");

  /** A part of a range is a list. */
  private static final Map<String, String> OTHERWISE = Map.of("{{ range(10)[2:5] }}", "[2, 3, 4]");

  @TestFactory
  Stream<DynamicTest> snippets() {
    JsonNode golden = Golden.resource("template/semantics.json");
    Map<String, Object> variables = Json.map(golden.get("variables"));
    LocalDateTime now = LocalDateTime.parse(golden.get("now").asText());
    return StreamSupport.stream(golden.get("cases").spliterator(), false)
        .map(
            snippet ->
                dynamicTest(
                    "snippet " + snippet.get("template").asText().replace("\n", "\\n"),
                    () -> check(snippet, variables, now)));
  }

  private static void check(JsonNode snippet, Map<String, Object> variables, LocalDateTime now) {
    String source = snippet.get("template").asText();
    if (REFUSED.contains(source)) {
      assertThatThrownBy(() -> Template.parse("t", source).render(variables, () -> now))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("'__class__'", "is refused");
      return;
    }
    if (snippet.has("expected")) {
      String text = Template.parse("t", source).render(variables, () -> now).text();
      assertThat(text).isEqualTo(OTHERWISE.getOrDefault(source, snippet.get("expected").asText()));
      return;
    }
    // What raise_exception raises; all else is a fault of the template.
    boolean raised = snippet.get("error").asText().equals("TemplateError");
    assertThatThrownBy(() -> Template.parse("t", source).render(variables, () -> now))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching("t, line \\d+.*: .+")
        .extracting(e -> ((TemplateException) e).isRaised())
        .isEqualTo(raised);
  }
}
