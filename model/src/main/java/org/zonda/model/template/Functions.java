package org.zonda.model.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that every template can call. */
final class Functions {

  private final Budget budget;
  private final Supplier<LocalDateTime> now;
  private final Printer printer;

  Functions(Budget budget, Supplier<LocalDateTime> now) {
    this.budget = budget;
    this.now = now;
    this.printer = new Printer(budget);
  }

  /** A function, or {@link Values#ABSENT}. */
  Object find(String name) {
    return switch (name) {
      case "range" -> (Callable) this::range;
      case "dict" -> (Callable) this::dict;
      case "namespace" -> (Callable) this::namespace;
      case "raise_exception" -> (Callable) this::raise;
      case "strftime_now" -> (Callable) this::strftime;
      default -> Values.ABSENT;
    };
  }

  private Object range(Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "start", "stop", "step");
    long start = bound.has(1) ? bound.integer(0) : 0;
    long stop = bound.has(1) ? bound.integer(1) : bound.integer(0);
    long step = bound.has(2) ? bound.integer(2) : 1;
    if (step == 0) {
      throw new TemplateException(
          "range(%d, %d) cannot go on in steps of 0; any other integer works"
              .formatted(start, stop));
    }
    long count = Math.max(0, Math.ceilDiv(stop - start, step));
    if (count > Limits.RANGE) {
      throw new TemplateException(
          "range(%d, %d, %d) has %d numbers, and a template may have at most %d"
              .formatted(start, stop, step, count, Limits.RANGE));
    }
    budget.elements(count);
    List<Object> items = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      items.add(start + i * step);
    }
    String shown = "range(%d, %d%s)".formatted(start, stop, step == 1 ? "" : ", " + step);
    return new View(View.RANGE, shown, Collections.unmodifiableList(items));
  }

  private Object dict(Arguments arguments) {
    return merged("dict", arguments);
  }

  private Object namespace(Arguments arguments) {
    Namespace namespace = new Namespace();
    merged("namespace", arguments)
        .forEach((name, value) -> namespace.set(printer.str(name).toString(), value));
    return namespace;
  }

  /** What a map as the only argument and named arguments hold together. */
  private Map<Object, Object> merged(String name, Arguments arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.positional().size() > 1) {
      throw new TemplateException(
          "'%s' is called with %d values without names, where one dict or list of pairs fits"
              .formatted(name, arguments.positional().size()));
    }
    for (Object source : arguments.positional()) {
      if (source instanceof Map<?, ?> other) {
        map.putAll(other);
      } else {
        for (Object pair : Values.items(source, budget)) {
          List<Object> parts = Values.items(pair, budget);
          if (parts.size() != 2) {
            throw new TemplateException(
                "'%s' expects pairs of key and value, not groups of %d"
                    .formatted(name, parts.size()));
          }
          map.put(Values.key(parts.get(0)), parts.get(1));
        }
      }
    }
    arguments.named().forEach((key, value) -> map.put(Text.of(key), value));
    budget.elements(map.size());
    return Collections.unmodifiableMap(map);
  }

  static Map<Object, Object> map(Map<String, Object> named) {
    Map<Object, Object> map = new LinkedHashMap<>();
    named.forEach((key, value) -> map.put(Text.of(key), value));
    return Collections.unmodifiableMap(map);
  }

  private Object raise(Arguments arguments) {
    Object message = arguments.bind(1, "message").value(0, null);
    throw TemplateException.raised(printer.str(message).toString());
  }

  private Object strftime(Arguments arguments) {
    String format = arguments.bind(1, "format").text(0).toString();
    String shown = Strftime.format(format, now.get());
    budget.text(shown.length());
    return Text.of(shown);
  }
}
