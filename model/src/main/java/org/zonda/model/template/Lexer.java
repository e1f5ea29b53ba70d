package org.zonda.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zonda.model.template.Token.Kind;

/**
 * Cuts a template's source into tokens, as Jinja2 does with {@code trim_blocks} and {@code
 * lstrip_blocks}: the line break after a block or comment goes, and so does the white space before
 * one that begins its line. Line breaks become {@code \n}, and one at the end of the source goes.
 */
final class Lexer {

  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ".", ":", "|", ",");

  /** Possessive, here and below: nothing is tried again, and the stack stays as it is. */
  private static final String DIGITS = "[0-9]++(?:_[0-9]++)*+";

  private static final Pattern FLOAT =
      Pattern.compile(
          DIGITS + "(?:(?:\\." + DIGITS + ")?[eE][+-]?" + DIGITS + "|\\." + DIGITS + ")");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01]++)++|0[oO](?:_?[0-7]++)++|0[xX](?:_?[0-9a-fA-F]++)++"
              + "|[1-9][0-9]*+(?:_[0-9]++)*+|0++(?:_0++)*+");
  private static final Pattern RAW_BEGIN = unicode("\\{%[-+]?\\s*+raw\\s*+(?:-%\\}\\s*+|%\\})");
  private static final Pattern RAW_END =
      unicode("\\{%[-+]?\\s*+endraw\\s*+(?:\\+%\\}|-%\\}\\s*+|%\\}\\n?)");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Character> brackets = new ArrayList<>();
  private int position;
  private int markedPosition;
  private int line = 1;
  private int lineStart;

  private Lexer(String source) {
    this.source = source;
  }

  private static Pattern unicode(String pattern) {
    return Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /**
   * Cuts a template.
   *
   * @param source the template
   * @return tokens; the last is {@link Kind#END}
   * @throws TemplateException for what is no token; the message names line and column
   */
  static List<Token> tokens(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    return new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).read();
  }

  private List<Token> read() {
    while (position < source.length()) {
      int tag = nextTag(position);
      if (tag < 0) {
        data(source.length(), source.length());
        break;
      }
      switch (source.charAt(tag + 1)) {
        case '#' -> comment(tag);
        case '{' -> {
          data(tag, textEnd(tag, false));
          expression(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
        }
        default -> {
          Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
          data(tag, textEnd(tag, true));
          if (raw.lookingAt()) {
            position = raw.end();
            raw(tag);
          } else {
            expression(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
          }
        }
      }
    }
    add(Kind.END, "", source.length());
    return tokens;
  }

  /** The place of the next {@code {{}, {@code {%} or {@code {#}; -1 where there is none. */
  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Where the text before a tag ends, once the white space that the tag takes away is gone. */
  private int textEnd(int tag, boolean stripsLine) {
    char sign = charAt(tag + 2);
    int end = tag;
    if (sign == '-') {
      while (end > position && Characters.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && stripsLine) {
      int start = tag;
      while (start > position && isSpaceWithinLine(source.charAt(start - 1))) {
        start--;
      }
      boolean beginsLine = start == 0 || source.charAt(start - 1) == '\n';
      end = beginsLine ? start : tag;
    }
    return end;
  }

  private static boolean isSpaceWithinLine(char c) {
    return c != '\n' && Characters.isSpace(c);
  }

  /** Text up to an end; goes on at the tag. */
  private void data(int tag, int end) {
    if (end > position) {
      add(Kind.DATA, source.substring(position, end), position);
    }
    position = tag;
  }

  private void comment(int tag) {
    data(tag, textEnd(tag, true));
    int start = tag + 2 + (charAt(tag + 2) == '-' || charAt(tag + 2) == '+' ? 1 : 0);
    int end = source.indexOf("#}", start);
    if (end < 0) {
      throw fault("this comment has no end, '#}'", tag);
    }
    position = end + 2;
    trimAfter(end > start ? source.charAt(end - 1) : ' ');
  }

  /** What a tag takes away behind it, by the sign before its end. */
  private void trimAfter(char sign) {
    if (sign == '-') {
      while (position < source.length() && Characters.isSpace(source.charAt(position))) {
        position++;
      }
    } else if (sign != '+' && charAt(position) == '\n') {
      position++;
    }
  }

  private void raw(int tag) {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(position)) {
      throw fault("this raw block has no end, '{% endraw %}'", tag);
    }
    int after = end.end();
    data(end.start(), textEnd(end.start(), true));
    position = after;
  }

  private void expression(Kind begin, Kind end, String closing) {
    int tag = position;
    add(begin, "", tag);
    position += 2;
    if (charAt(position) == '-' || charAt(position) == '+') {
      position++;
    }
    brackets.clear();
    while (true) {
      skipSpace();
      if (position >= source.length()) {
        throw fault("this tag has no end, '" + closing + "'", tag);
      }
      if (brackets.isEmpty()) {
        char c = source.charAt(position);
        boolean signed = c == '-' || c == '+' && end == Kind.BLOCK_END;
        if (source.startsWith(closing, position + (signed ? 1 : 0))) {
          add(end, "", position);
          position += closing.length() + (signed ? 1 : 0);
          if (end == Kind.BLOCK_END || c == '-') {
            trimAfter(signed ? c : ' ');
          }
          return;
        }
      }
      token();
    }
  }

  private void skipSpace() {
    while (position < source.length() && Characters.isSpace(source.charAt(position))) {
      position++;
    }
  }

  private void token() {
    char c = source.charAt(position);
    if (c == '\'' || c == '"') {
      int end = stringEnd(c);
      add(Kind.STRING, string(source.substring(position + 1, end)), position);
      position = end + 1;
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(position)) || c == '_') {
      name();
    } else {
      operator();
    }
  }

  private String string(String body) {
    try {
      return StringLiteral.value(body);
    } catch (TemplateException e) {
      throw fault(e.reason(), position);
    }
  }

  private int stringEnd(char quote) {
    for (int i = position + 1; i < source.length(); i++) {
      if (source.charAt(i) == '\\') {
        i++;
      } else if (source.charAt(i) == quote) {
        return i;
      }
    }
    throw fault("this string has no end, " + quote, position);
  }

  private void number() {
    boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
    Matcher number = FLOAT.matcher(source).region(position, source.length());
    boolean isFloat = !afterDot && number.lookingAt();
    if (!isFloat) {
      number = INTEGER.matcher(source).region(position, source.length());
      number.lookingAt();
    }
    String digits = number.group().replace("_", "");
    add(isFloat ? Kind.FLOAT : Kind.INTEGER, digits, position);
    position = number.end();
  }

  private void name() {
    int end = position;
    while (end < source.length()
        && Character.isUnicodeIdentifierPart(source.codePointAt(end))
        && !Character.isIdentifierIgnorable(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    add(Kind.NAME, source.substring(position, end), position);
    position = end;
  }

  private void operator() {
    String operator =
        OPERATORS.stream()
            .filter(o -> source.startsWith(o, position))
            .findFirst()
            .orElseThrow(
                () ->
                    fault(
                        "the character '"
                            + Character.toString(source.codePointAt(position))
                            + "' means nothing here",
                        position));
    balance(operator.charAt(0));
    add(Kind.OPERATOR, operator, position);
    position += operator.length();
  }

  /** Keeps the open brackets, within which no tag ends. */
  private void balance(char c) {
    int opening = "([{".indexOf(c);
    int closing = ")]}".indexOf(c);
    if (opening >= 0) {
      brackets.add(")]}".charAt(opening));
    } else if (closing >= 0) {
      if (brackets.isEmpty()) {
        throw fault("'" + c + "' closes no bracket", position);
      }
      char due = brackets.removeLast();
      if (due != c) {
        throw fault("'" + c + "' stands where '" + due + "' is due", position);
      }
    }
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }

  private void add(Kind kind, String text, int place) {
    locate(place);
    tokens.add(new Token(kind, text, line, place - lineStart + 1));
  }

  /** Counts the lines up to a place behind the last. */
  private void locate(int place) {
    for (; markedPosition < place; markedPosition++) {
      if (source.charAt(markedPosition) == '\n') {
        line++;
        lineStart = markedPosition + 1;
      }
    }
  }

  private TemplateException fault(String reason, int place) {
    int row = 1;
    int start = 0;
    for (int i = source.indexOf('\n'); i >= 0 && i < place; i = source.indexOf('\n', i + 1)) {
      row++;
      start = i + 1;
    }
    return Parser.fault(reason, row, place - start + 1);
  }
}
