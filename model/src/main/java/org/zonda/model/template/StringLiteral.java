package org.zonda.model.template;

/** The value of a string in a template, with Python's escapes. */
final class StringLiteral {

  private StringLiteral() {}

  /**
   * Resolves escapes; one that Python does not know stays as it is.
   *
   * @param body what stands between the quotation marks
   */
  static String value(String body) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escape = body.charAt(++i);
      int simple = "abfnrtv\\'\"".indexOf(escape);
      if (simple >= 0) {
        value.append("\u0007\b\f\n\r\t\u000B\\'\"".charAt(simple));
      } else if (escape >= '0' && escape <= '7') {
        int end = i;
        while (end < Math.min(i + 3, body.length()) && Character.digit(body.charAt(end), 8) >= 0) {
          end++;
        }
        value.appendCodePoint(Integer.parseInt(body, i, end, 8));
        i = end - 1;
      } else if ("xuU".indexOf(escape) >= 0) {
        int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
        value.appendCodePoint(hexadecimal(body, i, digits));
        i += digits;
      } else if (escape != '\n') {
        value.append('\\').append(escape);
      }
    }
    return value.toString();
  }

  private static int hexadecimal(String body, int escape, int digits) {
    int end = Math.min(escape + 1 + digits, body.length());
    String number = body.substring(escape + 1, end);
    boolean valid =
        number.length() == digits && number.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    long value = valid ? Long.parseLong(number, 16) : Long.MAX_VALUE;
    if (value > Character.MAX_CODE_POINT) {
      throw new TemplateException(
          "'\\%s%s' in a string is no character".formatted(body.charAt(escape), number));
    }
    return (int) value;
  }
}
