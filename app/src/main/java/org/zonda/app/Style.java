package org.zonda.app;

/** Colours for a stream, or none: ANSI escape codes (ECMA-48, SGR). */
enum Style {
  PLAIN,
  COLOURED;

  String dim(String text) {
    return with("2", text);
  }

  String bold(String text) {
    return with("1", text);
  }

  String green(String text) {
    return with("32", text);
  }

  String red(String text) {
    return with("31", text);
  }

  private String with(String code, String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
