package org.zonda.model.template;

import java.util.List;
import org.zonda.model.template.Token.Kind;

/** Goes through tokens, and knows how deep the parser is. One thread. */
final class TokenReader {

  private final List<Token> tokens;
  private int position;
  private int depth;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  int line() {
    return current().line();
  }

  boolean skip(Kind kind) {
    return skipIf(current().is(kind));
  }

  boolean skipName(String name) {
    return skipIf(current().isName(name));
  }

  boolean skipOperator(String operator) {
    return skipIf(current().isOperator(operator));
  }

  private boolean skipIf(boolean matches) {
    if (matches) {
      next();
    }
    return matches;
  }

  Token expect(Kind kind, String expected) {
    if (!current().is(kind)) {
      throw unexpected(expected);
    }
    return next();
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  TemplateException unexpected(String expected) {
    return fault(expected + " is due, not " + current().shown());
  }

  TemplateException fault(String reason) {
    return fault(reason, current());
  }

  static TemplateException fault(String reason, Token token) {
    return Parser.fault(reason, token.line(), token.column());
  }

  /** Goes one level deeper, which {@link #leave} ends. */
  void enter() {
    if (++depth > Limits.NESTING) {
      throw fault("nested more than %d levels deep".formatted(Limits.NESTING));
    }
  }

  void leave() {
    depth--;
  }
}
