package org.zonda.model.template;

/**
 * A piece of a template's source.
 *
 * @param kind what it is
 * @param text as written; of {@link Kind#STRING} the value, of {@link Kind#DATA} what is left of it
 * @param line from 1
 * @param column from 1
 */
record Token(Kind kind, String text, int line, int column) {

  enum Kind {
    /** Text between the tags. */
    DATA("text"),
    PRINT_BEGIN("{{"),
    PRINT_END("}}"),
    BLOCK_BEGIN("{%"),
    BLOCK_END("%}"),
    NAME("name"),
    INTEGER("integer"),
    FLOAT("number"),
    STRING("string"),
    OPERATOR("operator"),
    END("end of the template");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** For messages. */
  String shown() {
    return switch (kind) {
      case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
      case STRING -> "a string";
      case DATA -> "text";
      default -> kind.shown;
    };
  }
}
