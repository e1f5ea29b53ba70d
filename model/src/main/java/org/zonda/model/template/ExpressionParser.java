package org.zonda.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.zonda.model.template.Expression.CallArguments;
import org.zonda.model.template.Token.Kind;

/** Reads expressions, with the precedence of Jinja2's operators. One thread. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> ENDS_TEST = Set.of("else", "or", "and");

  private final TokenReader tokens;

  /** All names that were read, for what a macro's body uses. */
  private Set<String> names = new HashSet<>();

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
  }

  /** Runs a reader, and adds the names that it reads to a set. */
  <T> T collecting(Set<String> used, Supplier<T> reader) {
    Set<String> outer = names;
    names = used;
    try {
      return reader.get();
    } finally {
      names = outer;
      names.addAll(used);
    }
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

  private Expression nested(Supplier<Expression> reader) {
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
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filtersAndTests(value) : value;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> string(token);
      case INTEGER -> new Expression.Literal(integer(token), token.line());
      case FLOAT -> new Expression.Literal(Double.valueOf(token.text()), token.line());
      case OPERATOR -> bracket(token);
      default -> throw unexpected(token);
    };
  }

  private Expression name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expression.Literal(true, token.line());
      case "false", "False" -> new Expression.Literal(false, token.line());
      case "none", "None" -> new Expression.Literal(null, token.line());
      default -> {
        names.add(token.text());
        yield new Expression.Name(token.text(), token.line());
      }
    };
  }

  /** Neighbouring strings are one. */
  private Expression string(Token token) {
    StringBuilder text = new StringBuilder(token.text());
    while (tokens.current().is(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return new Expression.Literal(Text.of(text.toString()), token.line());
  }

  private static Object integer(Token token) {
    String digits = token.text();
    int radix =
        digits.length() < 2
            ? 10
            : switch (Character.toLowerCase(digits.charAt(1))) {
              case 'b' -> 2;
              case 'o' -> 8;
              case 'x' -> 16;
              default -> 10;
            };
    return Numbers.narrow(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
  }

  private Expression bracket(Token open) {
    return switch (open.text()) {
      case "(" -> {
        if (tokens.skipOperator(")")) {
          yield new Expression.TupleLiteral(List.of(), open.line());
        }
        Expression value = tuple();
        tokens.expectOperator(")");
        yield value;
      }
      case "[" -> new Expression.ListLiteral(items("]"), open.line());
      case "{" -> map(open);
      default -> throw unexpected(open);
    };
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      items.add(expression());
      if (!tokens.current().isOperator(close)) {
        tokens.expectOperator(",");
      }
    }
    return List.copyOf(items);
  }

  private Expression map(Token open) {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      if (!tokens.current().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.MapLiteral(List.copyOf(keys), List.copyOf(values), open.line());
  }

  private Expression postfix(Expression target) {
    Expression value = target;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator(".")) {
        value = member(value);
      } else if (token.isOperator("[")) {
        value = subscript(value);
      } else if (token.isOperator("(")) {
        value = new Expression.Call(value, arguments(), token.line());
      } else {
        return value;
      }
    }
  }

  private Expression member(Expression target) {
    tokens.next();
    Token name = tokens.next();
    return switch (name.kind()) {
      case NAME -> new Expression.Attribute(target, name.text(), name.line());
      case INTEGER -> {
        Expression index = new Expression.Literal(integer(name), name.line());
        yield new Expression.Item(target, index, name.line());
      }
      default -> throw TokenReader.fault("expected a name after '.'", name);
    };
  }

  private Expression subscript(Expression target) {
    int line = tokens.next().line();
    Expression start = tokens.current().isOperator(":") ? null : tuple();
    Expression value;
    if (tokens.skipOperator(":")) {
      Expression stop = sliceEnd() ? null : expression();
      Expression step = tokens.skipOperator(":") && !sliceEnd() ? expression() : null;
      value = new Expression.Slice(target, start, stop, step, line);
    } else {
      value = new Expression.Item(target, start, line);
    }
    tokens.expectOperator("]");
    return value;
  }

  private boolean sliceEnd() {
    return tokens.current().isOperator("]") || tokens.current().isOperator(":");
  }

  private Expression filtersAndTests(Expression target) {
    Expression value = target;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator("|")) {
        value = filters(value);
      } else if (token.isName("is")) {
        value = test(value);
      } else if (token.isOperator("(")) {
        value = new Expression.Call(value, arguments(), token.line());
      } else {
        return value;
      }
    }
  }

  /** All filters that follow, the first of them after a bar. */
  Expression filters(Expression target) {
    Expression value = target;
    while (tokens.skipOperator("|")) {
      value = filter(value);
    }
    return value;
  }

  /** A filter whose bar was read, or that needs none. */
  Expression filter(Expression target) {
    Token name = tokens.expect(Kind.NAME, "a filter's name");
    CallArguments arguments = tokens.current().isOperator("(") ? arguments() : CallArguments.NONE;
    return new Expression.Filter(target, name.text(), arguments, name.line());
  }

  private Expression test(Expression target) {
    int line = tokens.next().line();
    boolean negated = tokens.skipName("not");
    String name = tokens.expect(Kind.NAME, "a test's name").text();
    CallArguments arguments = CallArguments.NONE;
    Token token = tokens.current();
    if (token.isOperator("(")) {
      arguments = arguments();
    } else if (beginsArgument(token)) {
      if (token.isName("is")) {
        throw tokens.fault("a test cannot follow a test; put the first in parentheses");
      }
      List<Expression> argument = List.of(postfix(nested(this::primary)));
      arguments = new CallArguments(argument, Map.of(), null, null);
    }
    Expression test = new Expression.Test(target, name, arguments, line);
    return negated ? new Expression.Not(test, line) : test;
  }

  private static boolean beginsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !ENDS_TEST.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }

  private CallArguments arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression list = null;
    Expression map = null;
    while (!tokens.skipOperator(")")) {
      Token token = tokens.current();
      if (tokens.skipOperator("**")) {
        map = once(map, token);
      } else if (tokens.skipOperator("*")) {
        list = once(list, token);
      } else if (token.is(Kind.NAME) && tokens.following().isOperator("=")) {
        tokens.next();
        tokens.next();
        if (named.put(token.text(), expression()) != null) {
          throw TokenReader.fault("the argument '" + token.text() + "' is given twice", token);
        }
      } else {
        if (!named.isEmpty() || list != null || map != null) {
          throw TokenReader.fault("an argument without a name follows one with a name", token);
        }
        positional.add(expression());
      }
      if (!tokens.current().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new CallArguments(List.copyOf(positional), named, list, map);
  }

  private Expression once(Expression before, Token token) {
    if (before != null) {
      throw TokenReader.fault("'" + token.text() + "' stands twice in a call", token);
    }
    return expression();
  }

  private static TemplateException unexpected(Token token) {
    return TokenReader.fault("unexpected " + token.shown(), token);
  }
}
