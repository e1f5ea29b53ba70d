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

/** Reads what operators stand between: values with what follows them, filters and tests too. */
final class OperandParser {

  private static final Set<String> ENDS_TEST = Set.of("else", "or", "and");

  private final TokenReader tokens;
  private final ExpressionParser expressions;

  /** All names that were read, for what a macro's body uses. */
  private Set<String> names = new HashSet<>();

  OperandParser(TokenReader tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
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

  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> string(token);
      case INTEGER -> new Expression.Literal(integer(token), token.line());
      case FLOAT -> new Expression.Literal(Double.valueOf(token.text()), token.line());
      case OPERATOR -> bracket(token);
      default -> throw noValue(token);
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
        Expression value = expressions.tuple();
        tokens.expectOperator(")");
        yield value;
      }
      case "[" -> new Expression.ListLiteral(items("]"), open.line());
      case "{" -> map(open);
      default -> throw noValue(open);
    };
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      items.add(expressions.expression());
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
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
      if (!tokens.current().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.MapLiteral(List.copyOf(keys), List.copyOf(values), open.line());
  }

  Expression postfix(Expression target) {
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
      default ->
          throw TokenReader.fault("a name or number is due after '.', not " + name.shown(), name);
    };
  }

  private Expression subscript(Expression target) {
    int line = tokens.next().line();
    Expression start = tokens.current().isOperator(":") ? null : expressions.tuple();
    Expression value;
    if (tokens.skipOperator(":")) {
      Expression stop = sliceEnd() ? null : expressions.expression();
      Expression step = tokens.skipOperator(":") && !sliceEnd() ? expressions.expression() : null;
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

  Expression filtersAndTests(Expression target) {
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
    int line = tokens.line();
    String name = dottedName("a filter's name");
    CallArguments arguments = tokens.current().isOperator("(") ? arguments() : CallArguments.NONE;
    return new Expression.Filter(target, name, arguments, line);
  }

  private String dottedName(String expected) {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME, expected).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  private Expression test(Expression target) {
    int line = tokens.next().line();
    boolean negated = tokens.skipName("not");
    String name = dottedName("a test's name");
    CallArguments arguments = CallArguments.NONE;
    Token token = tokens.current();
    if (token.isOperator("(")) {
      arguments = arguments();
    } else if (beginsArgument(token)) {
      if (token.isName("is")) {
        throw tokens.fault("a test cannot follow a test; put the first in parentheses");
      }
      List<Expression> argument = List.of(postfix(expressions.nested(this::primary)));
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
        if (named.put(token.text(), expressions.expression()) != null) {
          throw TokenReader.fault("the argument '" + token.text() + "' is given twice", token);
        }
      } else {
        if (!named.isEmpty() || list != null || map != null) {
          throw TokenReader.fault(
              "this argument has no name; those without stand before those with names", token);
        }
        positional.add(expressions.expression());
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
    return expressions.expression();
  }

  private static TemplateException noValue(Token token) {
    return TokenReader.fault("a value is due, not " + token.shown(), token);
  }
}
