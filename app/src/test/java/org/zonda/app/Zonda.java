package org.zonda.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs a command line within the test's JVM. */
final class Zonda {

  /**
   * What it did.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error
   */
  record Result(int code, String out, String err) {}

  private final String stdin;
  private final Map<String, String> environment;

  private Zonda(String stdin, Map<String, String> environment) {
    this.stdin = stdin;
    this.environment = environment;
  }

  static Zonda piped(String stdin) {
    return new Zonda(stdin, Map.of());
  }

  static Zonda with(String variable, String value) {
    return new Zonda("", Map.of(variable, value));
  }

  static Result run(String... arguments) {
    return piped("").execute(arguments);
  }

  Result execute(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        Console.of(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            environment);
    int code = Commands.execute(console, arguments);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
