package org.zonda.model.template;

import java.util.List;

/** What is executed: text between tags, or a tag with what belongs to it. */
sealed interface Statement {

  /** Text between tags. */
  record Data(Text text) implements Statement {}

  /** {@code {{ expression }}}. */
  record Print(Expression expression) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  /**
   * A loop.
   *
   * @param target what each item is called
   * @param items what to go through
   * @param condition which items count; null for all
   * @param body for each item
   * @param otherwise where there was no item
   */
  record For(
      Target target,
      Expression items,
      Expression condition,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}

  record Set(Target target, Expression value) implements Statement {}

  /** {@code {% set name %}...{% endset %}}: the text of the body, through filters. */
  record SetBlock(Target target, Expression value, List<Statement> body) implements Statement {}

  /** {@code {% filter f %}...{% endfilter %}}. */
  record FilterBlock(Expression value, List<Statement> body) implements Statement {}

  /** {@code {% with a=1 %}}: values are computed outside. */
  record With(List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {}

  /** A body whose names stay within it, such as a {@code generation} block's. */
  record Scoped(List<Statement> body) implements Statement {}

  record MacroDefinition(MacroCode code) implements Statement {}

  /** {@code {% call(parameters) callee(arguments) %}...{% endcall %}}. */
  record CallBlock(Expression.Call call, MacroCode caller) implements Statement {}

  /**
   * A macro as it is written.
   *
   * @param name its name
   * @param parameters names of the parameters
   * @param defaults of the last parameters
   * @param body what it renders
   * @param usesPositional whether the body reads {@code varargs}
   * @param usesNamed whether the body reads {@code kwargs}
   * @param usesCaller whether the body reads {@code caller}
   * @param line from 1
   */
  record MacroCode(
      String name,
      List<String> parameters,
      List<Expression> defaults,
      List<Statement> body,
      boolean usesPositional,
      boolean usesNamed,
      boolean usesCaller,
      int line) {}

  /** What a value is assigned to. */
  sealed interface Target {

    record Variable(String name) implements Target {}

    record Several(List<Target> targets, int line) implements Target {}

    /** {@code namespace.attribute}. */
    record Member(String namespace, String attribute, int line) implements Target {}
  }
}
