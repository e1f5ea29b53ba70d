package org.zonda.model.template;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A Jinja template, parsed once and rendered as often as wanted. Immutable and thread-safe. */
public final class Template {

  private final String name;
  private final List<Statement> statements;

  private Template(String name, List<Statement> statements) {
    this.name = name;
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @param name what it is called in messages, such as a file's name
   * @param source the template
   * @return the template
   * @throws TemplateException if it is no Jinja, or uses what is refused ({@code include} and its
   *     like); the message names line and column
   */
  public static Template parse(String name, String source) {
    try {
      return new Template(name, Parser.parse(source));
    } catch (TemplateException e) {
      throw e.of(name);
    }
  }

  /**
   * Renders it within {@link Limits#DEFAULT}.
   *
   * @param variables by name: null, booleans, numbers, strings, lists and maps of such, and {@link
   *     Untrusted}
   * @param now the time for {@code strftime_now}
   * @return the text
   * @throws TemplateException as {@link #render(Map, Supplier, Limits)}
   */
  public Rendering render(Map<String, ?> variables, Supplier<LocalDateTime> now) {
    return render(variables, now, Limits.DEFAULT);
  }

  /**
   * Renders it.
   *
   * @param variables by name: null, booleans, numbers, strings, lists and maps of such, and {@link
   *     Untrusted}
   * @param now the time for {@code strftime_now}
   * @param limits what it may use
   * @return the text
   * @throws TemplateException if the template refuses the variables, does what Python would not, or
   *     exceeds its limits; the message names the line
   */
  public Rendering render(Map<String, ?> variables, Supplier<LocalDateTime> now, Limits limits) {
    Budget budget = new Budget(limits);
    Interpreter interpreter = new Interpreter(budget, new Functions(budget, now));
    try {
      Scope scope = new Scope(null);
      variables.forEach((key, value) -> scope.set(key, Values.of(value)));
      return new Rendering(interpreter.text(statements, scope).parts());
    } catch (TemplateException e) {
      throw e.at(interpreter.place()).of(name);
    }
  }

  /**
   * What it is called in messages.
   *
   * @return the name
   */
  public String name() {
    return name;
  }
}
