package org.zonda.model.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.zonda.model.template.Statement.Branch;
import org.zonda.model.template.Statement.MacroCode;
import org.zonda.model.template.Statement.Target;
import org.zonda.model.template.Token.Kind;

/** Reads a template's tags. One thread. */
final class Parser {

  private static final Set<String> REFUSED =
      Set.of("include", "import", "from", "extends", "block", "autoescape", "do", "trans");

  private final TokenReader tokens;
  private final ExpressionParser expressions;
  private boolean withinLoop;

  private Parser(List<Token> tokens) {
    this.tokens = new TokenReader(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  /**
   * Reads a template.
   *
   * @param source the template
   * @return its statements
   * @throws TemplateException if it is none; the message names line and column
   */
  static List<Statement> parse(String source) {
    return new Parser(Lexer.tokens(source)).body(Set.of());
  }

  static TemplateException fault(String reason, int line, int column) {
    return new TemplateException(reason).at("line %d, column %d".formatted(line, column));
  }

  /** Statements up to a tag with one of some names, whose name is then the next token. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> statements.add(new Statement.Data(Text.of(token.text())));
        case PRINT_BEGIN -> {
          statements.add(new Statement.Print(expressions.tuple()));
          tokens.expect(Kind.PRINT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          Token name = tokens.current();
          if (name.is(Kind.NAME) && ends.contains(name.text())) {
            tokens.leave();
            return List.copyOf(statements);
          }
          statements.add(statement(tokens.expect(Kind.NAME, "a tag's name"), ends));
        }
        default -> {
          if (!ends.isEmpty()) {
            throw TokenReader.fault("missing {% " + lastOf(ends) + " %}", token);
          }
          return List.copyOf(statements);
        }
      }
    }
  }

  /** Statements up to an end tag, which is read too. */
  private List<Statement> bodyUntil(String end) {
    blockEnd();
    List<Statement> body = body(Set.of(end));
    tokens.next();
    blockEnd();
    return body;
  }

  private static String lastOf(Set<String> ends) {
    return ends.stream().filter(end -> end.startsWith("end")).findFirst().orElseThrow();
  }

  private void blockEnd() {
    tokens.expect(Kind.BLOCK_END, "'%}'");
  }

  private Statement statement(Token name, Set<String> ends) {
    return switch (name.text()) {
      case "if" -> ifElse();
      case "for" -> loop();
      case "break" -> leaveLoop(name, new Statement.Break());
      case "continue" -> leaveLoop(name, new Statement.Continue());
      case "set" -> set();
      case "with" -> with();
      case "macro" -> macro(name);
      case "call" -> callBlock(name);
      case "filter" -> filterBlock(name);
      case "generation" -> new Statement.Scoped(bodyUntil("endgeneration"));
      case "print" -> {
        Expression value = expressions.printed();
        blockEnd();
        yield new Statement.Print(value);
      }
      default -> throw unknown(name, ends);
    };
  }

  private static TemplateException unknown(Token name, Set<String> ends) {
    if (REFUSED.contains(name.text())) {
      return TokenReader.fault(
          "the tag '%s' is refused: chat templates stand alone".formatted(name.text()), name);
    }
    String expected = ends.isEmpty() ? "" : "; {% " + lastOf(ends) + " %} is due";
    return TokenReader.fault(
        "the tag '%s' is unknown here%s".formatted(name.text(), expected), name);
  }

  private Statement ifElse() {
    List<Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    String tag = "if";
    while (!tag.equals("endif")) {
      if (tag.equals("else")) {
        otherwise = bodyUntil("endif");
        break;
      }
      Expression condition = expressions.tuple();
      blockEnd();
      branches.add(new Branch(condition, body(Set.of("elif", "else", "endif"))));
      tag = tokens.next().text();
      if (tag.equals("endif")) {
        blockEnd();
      }
    }
    return new Statement.If(List.copyOf(branches), otherwise);
  }

  private Statement loop() {
    Token first = tokens.current();
    Target target = target(false);
    if (first.isName("loop")) {
      throw TokenReader.fault("'loop' is the loop itself; its variable needs another name", first);
    }
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression items = expressions.tupleWithoutCondition();
    Expression condition = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.current().isName("recursive")) {
      throw tokens.fault("recursive loops are not supported; a macro can call itself");
    }
    blockEnd();
    List<Statement> body = within(true, () -> body(Set.of("else", "endfor")));
    List<Statement> otherwise = List.of();
    if (tokens.next().text().equals("else")) {
      otherwise = bodyUntil("endfor");
    } else {
      blockEnd();
    }
    return new Statement.For(target, items, condition, body, otherwise);
  }

  private <T> T within(boolean loop, Supplier<T> reader) {
    boolean outer = withinLoop;
    withinLoop = loop;
    T read = reader.get();
    withinLoop = outer;
    return read;
  }

  private Statement leaveLoop(Token name, Statement statement) {
    if (!withinLoop) {
      throw TokenReader.fault("'" + name.text() + "' needs a loop around it", name);
    }
    blockEnd();
    return statement;
  }

  private Statement set() {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      Expression value = expressions.tuple();
      blockEnd();
      return new Statement.Set(target, value);
    }
    Expression value = expressions.filters(new Expression.Captured(tokens.line()));
    return new Statement.SetBlock(target, value, bodyUntil("endset"));
  }

  private Statement with() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(singleTarget(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statement.With(List.copyOf(targets), List.copyOf(values), bodyUntil("endwith"));
  }

  private Statement filterBlock(Token tag) {
    Expression filter = expressions.filter(new Expression.Captured(tag.line()));
    return new Statement.FilterBlock(expressions.filters(filter), bodyUntil("endfilter"));
  }

  private Statement macro(Token tag) {
    String name = tokens.expectName();
    return new Statement.MacroDefinition(macroCode(name, tag.line(), "endmacro"));
  }

  private Statement callBlock(Token tag) {
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (tokens.current().isOperator("(")) {
      parameters(parameters, defaults);
    }
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw TokenReader.fault("'call' is followed by the call of a macro, and this is none", tag);
    }
    MacroCode caller = code("caller", parameters, defaults, tag.line(), "endcall");
    return new Statement.CallBlock(call, caller);
  }

  private MacroCode macroCode(String name, int line, String end) {
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    parameters(parameters, defaults);
    return code(name, parameters, defaults, line, end);
  }

  private MacroCode code(
      String name, List<String> parameters, List<Expression> defaults, int line, String end) {
    Set<String> used = new HashSet<>();
    List<Statement> body = expressions.collecting(used, () -> within(false, () -> bodyUntil(end)));
    return new MacroCode(
        name,
        List.copyOf(parameters),
        List.copyOf(defaults),
        body,
        used.contains("varargs"),
        used.contains("kwargs"),
        used.contains("caller"),
        line);
  }

  private void parameters(List<String> parameters, List<Expression> defaults) {
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      parameters.add(tokens.expectName());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.fault(
            "this parameter has no default; those without stand before those with defaults");
      }
    }
  }

  private Target target(boolean orMember) {
    int line = tokens.line();
    Target first = singleTarget(orMember);
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<Target> targets = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTargets()) {
      targets.add(singleTarget(orMember));
    }
    return new Target.Several(List.copyOf(targets), line);
  }

  private boolean endsTargets() {
    Token token = tokens.current();
    return token.isName("in") || token.isOperator("=") || token.isOperator(")");
  }

  private Target singleTarget(boolean orMember) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = target(orMember);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    Token name = tokens.expect(Kind.NAME, "a name");
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw TokenReader.fault(
          "'" + name.text() + "' is a constant; a variable needs another name", name);
    }
    if (orMember && tokens.skipOperator(".")) {
      return new Target.Member(name.text(), tokens.expectName(), name.line());
    }
    return new Target.Variable(name.text());
  }
}
