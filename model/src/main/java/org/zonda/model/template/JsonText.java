package org.zonda.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values as JSON, letter for letter as Python's {@code json.dumps} writes them. */
final class JsonText {

  private final TextBuilder out;
  private final Budget budget;
  private final boolean ascii;
  private final Text indent;
  private final boolean sorted;
  private final Text itemSeparator;
  private final Text keySeparator;
  private int depth;

  private JsonText(Budget budget, Arguments.Bound options) {
    this.out = new TextBuilder(budget);
    this.budget = budget;
    this.ascii = options.flag(0);
    this.indent = indent(options.value(1, null));
    this.sorted = options.flag(3);
    List<Object> separators =
        options.given(2)
            ? Values.items(options.value(2, null), budget)
            : Values.list(Text.of(indent == null ? ", " : ","), Text.of(": "));
    if (separators.size() != 2
        || !(separators.get(0) instanceof Text between)
        || !(separators.get(1) instanceof Text afterKey)) {
      throw new TemplateException("'tojson' expects two strings as 'separators'");
    }
    this.itemSeparator = between;
    this.keySeparator = afterKey;
  }

  /**
   * Writes a value.
   *
   * @param options {@code ensure_ascii}, {@code indent}, {@code separators} and {@code sort_keys}
   */
  static Text of(Object value, Arguments options, Budget budget) {
    JsonText json =
        new JsonText(budget, options.bind(0, "ensure_ascii", "indent", "separators", "sort_keys"));
    json.write(value);
    return json.out.build();
  }

  private static Text indent(Object value) {
    return switch (value) {
      case null -> null;
      case Text text -> text;
      case Long width -> Text.of(" ".repeat(Math.clamp(width, 0, 100)));
      default ->
          throw new TemplateException(
              "'tojson' expects an integer or a string as 'indent', not '%s'"
                  .formatted(Values.typeName(value)));
    };
  }

  private void write(Object value) {
    budget.step();
    switch (value) {
      case null -> out.append("null");
      case Boolean flag -> out.append(flag ? "true" : "false");
      case Double number when !Double.isFinite(number) ->
          out.append(Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
      case Number number -> out.append(Numbers.show(number));
      case Text text -> string(text);
      case List<?> items -> array(items);
      case Tuple tuple -> array(tuple.items());
      case Map<?, ?> map -> object(map);
      default ->
          throw new TemplateException(
              "'tojson' cannot write a value of type '%s'; those that JSON has work"
                  .formatted(Values.typeName(value)));
    }
  }

  private void array(List<?> items) {
    open("[");
    for (int i = 0; i < items.size(); i++) {
      separate(i);
      write(items.get(i));
    }
    close("]", items.isEmpty());
  }

  private void object(Map<?, ?> map) {
    open("{");
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      entries.sort((a, b) -> Values.compare(a.getKey(), b.getKey(), "<", budget));
    }
    for (int i = 0; i < entries.size(); i++) {
      separate(i);
      key(entries.get(i).getKey());
      out.append(keySeparator);
      write(entries.get(i).getValue());
    }
    close("}", map.isEmpty());
  }

  /** Keys are strings; others become such. */
  private void key(Object key) {
    if (key instanceof Text text) {
      string(text);
    } else {
      out.append("\"");
      write(key);
      out.append("\"");
    }
  }

  private void open(String bracket) {
    budget.enter();
    depth++;
    out.append(bracket);
  }

  private void separate(int index) {
    if (index > 0) {
      out.append(itemSeparator);
    }
    breakLine();
  }

  private void breakLine() {
    if (indent != null) {
      out.append("\n");
      for (int i = 0; i < depth; i++) {
        out.append(indent);
      }
    }
  }

  private void close(String bracket, boolean empty) {
    depth--;
    if (!empty) {
      breakLine();
    }
    out.append(bracket);
    budget.leave();
  }

  private void string(Text text) {
    out.append("\"");
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      int marked = text.marked(i);
      switch (c) {
        case '"' -> out.append("\\\"", marked);
        case '\\' -> out.append("\\\\", marked);
        case '\n' -> out.append("\\n", marked);
        case '\r' -> out.append("\\r", marked);
        case '\t' -> out.append("\\t", marked);
        case '\f' -> out.append("\\f", marked);
        case '\b' -> out.append("\\b", marked);
        default -> {
          if (c < 0x20 || ascii && c > 0x7E) {
            for (char unit : Character.toChars(c)) {
              out.append("\\u%04x".formatted((int) unit), marked);
            }
          } else {
            out.append(marked);
          }
        }
      }
    }
    out.append("\"");
  }
}
