package org.zonda.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.zonda.model.template.Token.Kind;

/** Reads expressions, with the precedence of Jinja2's operators. One thread. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenReader tokens;
  private final OperandParser operands;

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  /** Runs a reader, and adds the names that it reads to a set. */
  <T> T collecting(Set<String> used, Supplier<T> reader) {
    return operands.collecting(used, reader);
  }

  /** All filters that follow, the first of them after a bar. */
  Expression filters(Expression target) {
    return operands.filters(target);
  }

  /** A filter whose bar was read, or that needs none. */
  Expression filter(Expression target) {
    return operands.filter(target);
  }

  /** An expression, or several with commas, which are a tuple. */
  Expression tuple() {
    return tuple(this::expression);
  }

  /** The same without an {@code if} at the end, which belongs to a loop. */
  Expression tupleWithoutCondition() {
    return tuple(() -> nested(this::or));
  }

  /** Several with commas, which are printed one after the other. */
  Expression printed() {
    int line = tokens.line();
    List<Expression> items = new ArrayList<>(List.of(expression()));
    while (tokens.skipOperator(",")) {
      items.add(expression());
    }
    return new Expression.Concatenation(List.copyOf(items), line);
  }

  private Expression tuple(Supplier<Expression> item) {
    int line = tokens.line();
    Expression first = item.get();
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTuple()) {
      items.add(item.get());
    }
    return new Expression.TupleLiteral(List.copyOf(items), line);
  }

  private boolean endsTuple() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case PRINT_END, BLOCK_END, END -> true;
      case OPERATOR -> token.text().equals(")") || token.text().equals("]");
      default -> false;
    };
  }

  Expression expression() {
    return nested(this::conditional);
  }

  Expression nested(Supplier<Expression> reader) {
    tokens.enter();
    try {
      return reader.get();
    } finally {
      tokens.leave();
    }
  }

  private Expression conditional() {
    Expression value = or();
    while (tokens.current().isName("if")) {
      int line = tokens.next().line();
      Expression condition = or();
      Expression otherwise = tokens.skipName("else") ? nested(this::conditional) : null;
      value = new Expression.Conditional(condition, value, otherwise, line);
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.current().isName("or")) {
      int line = tokens.next().line();
      left = new Expression.Or(left, and(), line);
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.current().isName("and")) {
      int line = tokens.next().line();
      left = new Expression.And(left, not(), line);
    }
    return left;
  }

  private Expression not() {
    if (tokens.current().isName("not")) {
      int line = tokens.next().line();
      return new Expression.Not(nested(this::not), line);
    }
    return comparison();
  }

  private Expression comparison() {
    int line = tokens.line();
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      operators.add(operator);
      others.add(sum());
    }
    return operators.isEmpty()
        ? first
        : new Expression.Comparison(first, List.copyOf(operators), List.copyOf(others), line);
  }

  private String comparator() {
    Token token = tokens.current();
    if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.following().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    return leftToRight(this::concatenation, "+", "-");
  }

  private Expression concatenation() {
    int line = tokens.line();
    Expression first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      items.add(product());
    }
    return new Expression.Concatenation(List.copyOf(items), line);
  }

  private Expression product() {
    return leftToRight(this::power, "*", "/", "//", "%");
  }

  private Expression power() {
    return leftToRight(() -> signed(true), "**");
  }

  private Expression leftToRight(Supplier<Expression> operand, String... operators) {
    Set<String> known = Set.of(operators);
    Expression left = operand.get();
    while (tokens.current().is(Kind.OPERATOR) && known.contains(tokens.current().text())) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, operand.get(), operator.line());
    }
    return left;
  }

  private Expression signed(boolean withFilters) {
    Token token = tokens.current();
    Expression value;
    if (token.isOperator("-") || token.isOperator("+")) {
      tokens.next();
      Expression operand = nested(() -> signed(false));
      value = new Expression.Sign(token.text().equals("-"), operand, token.line());
    } else {
      value = operands.primary();
    }
    value = operands.postfix(value);
    return withFilters ? operands.filtersAndTests(value) : value;
  }
}
