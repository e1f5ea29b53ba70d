package org.zonda.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The tests, as in {@code value is name(argument)}. */
final class Tests {

  private final Budget budget;
  private final Printer printer;

  Tests(Budget budget) {
    this.budget = budget;
    this.printer = new Printer(budget);
  }

  boolean test(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "eq", "equalto", "==" -> Values.equal(value, other(arguments), budget);
      case "ne", "!=" -> !Values.equal(value, other(arguments), budget);
      case "lt", "lessthan", "<" -> Values.compare(value, other(arguments), "<", budget) < 0;
      case "le", "<=" -> Values.compare(value, other(arguments), "<=", budget) <= 0;
      case "gt", "greaterthan", ">" -> Values.compare(value, other(arguments), ">", budget) > 0;
      case "ge", ">=" -> Values.compare(value, other(arguments), ">=", budget) >= 0;
      case "in" -> Values.contains(other(arguments), value, budget);
      case "sameas" -> same(value, other(arguments));
      case "divisibleby" -> remainder(value, arguments.bind(1, "num").value(0, null)) == 0;
      default -> {
        arguments.none();
        yield is(name, value);
      }
    };
  }

  private static Object other(Arguments arguments) {
    return arguments.bind(1, "other").value(0, null);
  }

  private static boolean same(Object a, Object b) {
    return a == b || Numbers.isNumber(a) && a.equals(b);
  }

  private static double remainder(Object value, Object divisor) {
    if (!Numbers.isNumber(value) || !Numbers.isNumber(divisor)) {
      throw Values.unsupported(value, divisor, "%");
    }
    return Numbers.real(Numbers.binary("%", value, divisor));
  }

  private boolean is(String name, Object value) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == null;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "integer" -> value instanceof Long || value instanceof BigInteger;
      case "float" -> value instanceof Double;
      case "number" -> Numbers.isNumber(value);
      case "string" -> value instanceof Text;
      case "mapping" -> value instanceof Map<?, ?>;
      case "iterable" -> Values.isIterable(value);
      case "sequence" -> isSequence(value);
      case "callable" -> value instanceof Callable || value instanceof Undefined;
      case "odd" -> remainder(value, 2L) == 1;
      case "even" -> remainder(value, 2L) == 0;
      case "lower" -> Texts.isCased(printer.str(value), Character::isLowerCase);
      case "upper" -> Texts.isCased(printer.str(value), Character::isUpperCase);
      case "escaped" -> false;
      default ->
          throw new TemplateException(
              "there is no test '%s'; most of Jinja2's are known, and no others".formatted(name));
    };
  }

  private static boolean isSequence(Object value) {
    return switch (value) {
      case Text _, List<?> _, Tuple _, Map<?, ?> _, Undefined _ -> true;
      case View view -> view.isRange();
      case null, default -> false;
    };
  }
}
