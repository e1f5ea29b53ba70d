package org.zonda.model.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as Python prints them: {@code str} and {@code repr}. */
final class Printer {

  private final Budget budget;

  Printer(Budget budget) {
    this.budget = budget;
  }

  /** As printing shows a value. */
  Text str(Object value) {
    if (value instanceof Text text) {
      return text;
    }
    return value instanceof Undefined ? Text.EMPTY : repr(value);
  }

  /** As lists show their items. */
  Text repr(Object value) {
    TextBuilder out = new TextBuilder(budget);
    write(value, out);
    return out.build();
  }

  private void write(Object value, TextBuilder out) {
    budget.step();
    switch (value) {
      case null -> out.append("None");
      case Boolean _, Number _ -> out.append(Numbers.show(value));
      case Text text -> quote(text, out);
      case List<?> items -> write("[", items, "]", out);
      case Tuple tuple -> write("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
      case Map<?, ?> map -> write(map, out);
      case View view when view.shown() != null -> out.append(view.shown());
      case View view -> write(view.type() + "([", view.items(), "])", out);
      case Undefined _ -> out.append("Undefined");
      default -> out.append("<" + Values.typeName(value) + ">");
    }
  }

  private void write(String open, List<?> items, String close, TextBuilder out) {
    budget.enter();
    out.append(open);
    String separator = "";
    for (Object item : items) {
      write(item, out.append(separator));
      separator = ", ";
    }
    out.append(close);
    budget.leave();
  }

  private void write(Map<?, ?> map, TextBuilder out) {
    budget.enter();
    out.append("{");
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      write(entry.getKey(), out);
      write(entry.getValue(), out.append(": "));
      out.append(i.hasNext() ? ", " : "");
    }
    out.append("}");
    budget.leave();
  }

  private static void quote(Text text, TextBuilder out) {
    boolean doubled = text.contains(Text.of("'")) && !text.contains(Text.of("\""));
    char quote = doubled ? '"' : '\'';
    out.append(String.valueOf(quote));
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      int marked = text.marked(i);
      switch (c) {
        case '\n' -> out.append("\\n", marked);
        case '\r' -> out.append("\\r", marked);
        case '\t' -> out.append("\\t", marked);
        case '\\' -> out.append("\\\\", marked);
        default -> {
          if (c == quote) {
            out.append("\\", marked).append(marked);
          } else if (Characters.isPrintable(c)) {
            out.append(marked);
          } else {
            String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
            out.append(format.formatted(c), marked);
          }
        }
      }
    }
    out.append(String.valueOf(quote));
  }
}
