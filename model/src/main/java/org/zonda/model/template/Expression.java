package org.zonda.model.template;

import java.util.List;
import java.util.Map;

/** What has a value. Each knows its line in the template, from 1. */
sealed interface Expression {

  int line();

  record Literal(Object value, int line) implements Expression {}

  record Name(String name, int line) implements Expression {}

  record ListLiteral(List<Expression> items, int line) implements Expression {}

  record TupleLiteral(List<Expression> items, int line) implements Expression {}

  record MapLiteral(List<Expression> keys, List<Expression> values, int line)
      implements Expression {}

  /** {@code target.name}. */
  record Attribute(Expression target, String name, int line) implements Expression {}

  /** {@code target[index]}. */
  record Item(Expression target, Expression index, int line) implements Expression {}

  /** {@code target[start:stop:step]}; null where a part is left out. */
  record Slice(Expression target, Expression start, Expression stop, Expression step, int line)
      implements Expression {}

  record Call(Expression callee, CallArguments arguments, int line) implements Expression {}

  /** {@code target|name(arguments)}; the target of a block's filter is {@link Captured}. */
  record Filter(Expression target, String name, CallArguments arguments, int line)
      implements Expression {}

  /** The text of the block that a filter stands at. */
  record Captured(int line) implements Expression {}

  /** {@code target is name(arguments)}. */
  record Test(Expression target, String name, CallArguments arguments, int line)
      implements Expression {}

  record Not(Expression operand, int line) implements Expression {}

  /** {@code -operand} or {@code +operand}. */
  record Sign(boolean negative, Expression operand, int line) implements Expression {}

  record Binary(String operator, Expression left, Expression right, int line)
      implements Expression {}

  /** {@code left ~ right}. */
  record Concatenation(List<Expression> items, int line) implements Expression {}

  /** {@code first < second <= third}, as Python chains them. */
  record Comparison(Expression first, List<String> operators, List<Expression> others, int line)
      implements Expression {}

  record And(Expression left, Expression right, int line) implements Expression {}

  record Or(Expression left, Expression right, int line) implements Expression {}

  /** {@code then if condition else otherwise}; null where there is no else. */
  record Conditional(Expression condition, Expression then, Expression otherwise, int line)
      implements Expression {}

  /**
   * What stands between the parentheses of a call.
   *
   * @param positional in order
   * @param named by name
   * @param list after {@code *}, or null
   * @param map after {@code **}, or null
   */
  record CallArguments(
      List<Expression> positional, Map<String, Expression> named, Expression list, Expression map) {
    static final CallArguments NONE = new CallArguments(List.of(), Map.of(), null, null);
  }
}
