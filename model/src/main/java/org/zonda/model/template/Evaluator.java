package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.template.Expression.CallArguments;

/** Computes expressions. One rendering, one thread. */
final class Evaluator {

  /** Under which name a scope has the text of the block that a filter stands at. */
  private static final String CAPTURED = " captured";

  private final Budget budget;
  private final Functions functions;
  private final Printer printer;
  private final Members members;
  private final Operators operators;
  private final Filters filters;
  private int line = 1;

  Evaluator(Budget budget, Functions functions) {
    this.budget = budget;
    this.functions = functions;
    this.printer = new Printer(budget);
    this.members = new Members(budget);
    this.operators = new Operators(budget, members);
    this.filters = new Filters(budget, members);
  }

  /** The line of what is computed now. */
  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
  }

  Object evaluate(Expression expression, Scope scope) {
    budget.step();
    budget.enter();
    Object value = value(expression, scope);
    budget.leave();
    return value;
  }

  private Object value(Expression expression, Scope scope) {
    line = expression.line();
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> name(name.name(), scope);
      case Expression.ListLiteral list -> all(list.items(), scope);
      case Expression.TupleLiteral tuple -> new Tuple(all(tuple.items(), scope));
      case Expression.MapLiteral map -> map(map, scope);
      case Expression.Attribute attribute -> {
        Object target = evaluate(attribute.target(), scope);
        at(attribute.line());
        yield members.attribute(target, attribute.name());
      }
      case Expression.Item item -> {
        Object target = evaluate(item.target(), scope);
        Object index = evaluate(item.index(), scope);
        at(item.line());
        yield members.item(target, index);
      }
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call call -> call(call, null, scope);
      case Expression.Filter filter -> {
        Object target = evaluate(filter.target(), scope);
        Arguments arguments = arguments(filter.name(), filter.arguments(), scope);
        at(filter.line());
        yield filters.apply(filter.name(), target, arguments);
      }
      case Expression.Captured _ -> scope.get(CAPTURED);
      case Expression.Test test -> {
        Object target = evaluate(test.target(), scope);
        Arguments arguments = arguments(test.name(), test.arguments(), scope);
        at(test.line());
        yield filters.test(test.name(), target, arguments);
      }
      case Expression.Not not -> !Values.isTrue(evaluate(not.operand(), scope));
      case Expression.Sign sign -> {
        Object operand = evaluate(sign.operand(), scope);
        at(sign.line());
        yield operators.sign(sign.negative(), operand);
      }
      case Expression.Binary binary -> {
        Object left = evaluate(binary.left(), scope);
        Object right = evaluate(binary.right(), scope);
        at(binary.line());
        yield operators.binary(binary.operator(), left, right);
      }
      case Expression.Concatenation concatenation -> concatenate(concatenation, scope);
      case Expression.Comparison comparison -> compare(comparison, scope);
      case Expression.And and -> {
        Object left = evaluate(and.left(), scope);
        yield Values.isTrue(left) ? evaluate(and.right(), scope) : left;
      }
      case Expression.Or or -> {
        Object left = evaluate(or.left(), scope);
        yield Values.isTrue(left) ? left : evaluate(or.right(), scope);
      }
      case Expression.Conditional conditional -> {
        if (Values.isTrue(evaluate(conditional.condition(), scope))) {
          yield evaluate(conditional.then(), scope);
        }
        yield conditional.otherwise() != null
            ? evaluate(conditional.otherwise(), scope)
            : new Undefined(
                "the 'if' in line %d is false and has no 'else' to take a value from"
                    .formatted(conditional.line()));
      }
    };
  }

  private Object name(String name, Scope scope) {
    Object value = scope.get(name);
    if (value == Values.ABSENT) {
      value = functions.find(name);
    }
    return value == Values.ABSENT ? Undefined.name(name) : value;
  }

  private List<Object> all(List<Expression> expressions, Scope scope) {
    budget.elements(expressions.size());
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return Collections.unmodifiableList(values);
  }

  private Map<Object, Object> map(Expression.MapLiteral literal, Scope scope) {
    budget.elements(2L * literal.keys().size());
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < literal.keys().size(); i++) {
      Object key = evaluate(literal.keys().get(i), scope);
      map.put(Values.key(key), evaluate(literal.values().get(i), scope));
    }
    return Collections.unmodifiableMap(map);
  }

  private Object slice(Expression.Slice slice, Scope scope) {
    Object target = evaluate(slice.target(), scope);
    Object start = orNull(slice.start(), scope);
    Object stop = orNull(slice.stop(), scope);
    Object step = orNull(slice.step(), scope);
    at(slice.line());
    return members.slice(target, start, stop, step);
  }

  private Object orNull(Expression expression, Scope scope) {
    return expression == null ? null : evaluate(expression, scope);
  }

  private Text concatenate(Expression.Concatenation concatenation, Scope scope) {
    TextBuilder text = new TextBuilder(budget);
    for (Expression item : concatenation.items()) {
      text.append(printer.str(evaluate(item, scope)));
    }
    return text.build();
  }

  private boolean compare(Expression.Comparison comparison, Scope scope) {
    Object left = evaluate(comparison.first(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Object right = evaluate(comparison.others().get(i), scope);
      at(comparison.line());
      if (!operators.compare(comparison.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  /**
   * Calls what an expression names.
   *
   * @param caller what a call block hands over; null elsewhere
   */
  Object call(Expression.Call call, Macro caller, Scope scope) {
    Object callee = evaluate(call.callee(), scope);
    String name =
        switch (call.callee()) {
          case Expression.Name named -> named.name();
          case Expression.Attribute attribute -> attribute.name();
          default -> "function";
        };
    Arguments arguments = arguments(name, call.arguments(), scope);
    if (caller != null) {
      arguments.named().put("caller", caller);
    }
    at(call.line());
    return switch (callee) {
      case Callable callable -> callable.call(arguments);
      case Undefined undefined -> throw undefined.fault();
      case null, default ->
          throw new TemplateException(
              "'%s' is a value of type '%s', which cannot be called; functions and macros can"
                  .formatted(name, Values.typeName(callee)));
    };
  }

  private Arguments arguments(String callee, CallArguments written, Scope scope) {
    List<Object> positional = new ArrayList<>();
    for (Expression argument : written.positional()) {
      positional.add(evaluate(argument, scope));
    }
    if (written.list() != null) {
      positional.addAll(Values.items(evaluate(written.list(), scope), budget));
    }
    Map<String, Object> named = new LinkedHashMap<>();
    for (Map.Entry<String, Expression> argument : written.named().entrySet()) {
      named.put(argument.getKey(), evaluate(argument.getValue(), scope));
    }
    if (written.map() != null) {
      Object given = evaluate(written.map(), scope);
      if (!(given instanceof Map<?, ?> map)) {
        throw new TemplateException(
            "'%s' is called with a value of type '%s' after **, where only a dict fits"
                .formatted(callee, Values.typeName(given)));
      }
      map.forEach((key, value) -> named.put(printer.str(key).toString(), value));
    }
    budget.elements(positional.size() + named.size());
    return new Arguments(callee, Collections.unmodifiableList(positional), named);
  }

  /** An expression whose {@link Expression.Captured} is a text. */
  Object filtered(Expression expression, Text captured, Scope scope) {
    Scope inner = new Scope(scope);
    inner.set(CAPTURED, captured);
    return evaluate(expression, inner);
  }
}
