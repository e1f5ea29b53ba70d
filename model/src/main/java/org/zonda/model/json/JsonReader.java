package org.zonda.model.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.ZondaException;

/**
 * Reads JSON (RFC 8259) strictly: no comments, no names that come twice, no bytes after the
 * document, and no deeper nesting than files of models have. Objects are ordered maps, arrays
 * lists, whole numbers {@link Long} where they fit, other numbers {@link Double}, null is null.
 */
final class JsonReader {

  /** Hostile documents nest to overflow the stack; those that are read here use three levels. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER_LENGTH = 64;

  private final String text;
  private final String context;
  private int at;

  JsonReader(String text, String context) {
    this.text = text;
    this.context = context;
  }

  Object document() {
    Object value = value(1);
    skipBlanks();
    if (at < text.length()) {
      throw fault("text after the end of the document");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw fault("nesting deeper than " + MAX_DEPTH + " levels");
    }
    skipBlanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    at++;
    skipBlanks();
    if (accept('}')) {
      return fields;
    }
    do {
      skipBlanks();
      if (peek() != '"') {
        throw fault("no name where one was expected");
      }
      String name = string();
      skipBlanks();
      expect(':');
      if (fields.containsKey(name)) {
        throw fault("the name '" + shortened(name) + "' a second time");
      }
      fields.put(name, value(depth + 1));
      skipBlanks();
    } while (accept(','));
    expect('}');
    return fields;
  }

  private List<Object> array(int depth) {
    List<Object> elements = new ArrayList<>();
    at++;
    skipBlanks();
    if (accept(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
      skipBlanks();
    } while (accept(','));
    expect(']');
    return elements;
  }

  private String string() {
    int from = ++at;
    while (peek() != '"' && peek() != '\\') {
      plain();
    }
    if (peek() == '"') {
      return text.substring(from, at++);
    }
    StringBuilder decoded = new StringBuilder(text.substring(from, at));
    while (!accept('"')) {
      decoded.append(accept('\\') ? escaped() : plain());
    }
    return decoded.toString();
  }

  private char plain() {
    char c = peek();
    if (c < 0x20) {
      throw fault("a control character inside a string");
    }
    at++;
    return c;
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw fault("an unknown escape inside a string");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw fault("a \\u without four hexadecimal digits");
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw fault("no value where one was expected");
    }
    at += word.length();
    return value;
  }

  /** {@code -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?}. */
  private Number number() {
    int from = at;
    accept('-');
    if (!accept('0') && digits() == 0) {
      at = from;
      throw fault("no value where one was expected");
    }
    boolean whole = true;
    if (accept('.')) {
      whole = false;
      requireDigits();
    }
    if (accept('e') || accept('E')) {
      whole = false;
      if (!accept('+')) {
        accept('-');
      }
      requireDigits();
    }
    String number = text.substring(from, at);
    if (number.length() > MAX_NUMBER_LENGTH) {
      throw fault("a number of " + number.length() + " characters");
    }
    if (whole) {
      try {
        return Long.valueOf(number);
      } catch (NumberFormatException e) {
        return Double.valueOf(number); // beyond a long
      }
    }
    return Double.valueOf(number);
  }

  private void requireDigits() {
    if (digits() == 0) {
      throw fault("a number that ends too early");
    }
  }

  private int digits() {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  private char peek() {
    if (at >= text.length()) {
      throw fault("an end in the middle of the document");
    }
    return text.charAt(at);
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw fault("no '" + c + "' where one was expected");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static String shortened(String name) {
    return name.length() > 60 ? name.substring(0, 60) + "..." : name;
  }

  private ZondaException fault(String found) {
    return new ZondaException(
        context + ": character " + (at + 1) + " of its JSON: " + found + "; the file is broken");
  }
}
