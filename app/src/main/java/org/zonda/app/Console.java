package org.zonda.app;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The outside as commands see it: standard streams, whether a person is looking at them, and the
 * environment. The one place of the command line that reads environment and system properties.
 */
final class Console {

  /** When to use colours. */
  enum Colour {
    AUTO,
    ALWAYS,
    NEVER
  }

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT).startsWith("windows");

  private final InputStream in;
  private final Output out;
  private final Output err;
  private final boolean inIsTerminal;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final Map<String, String> variables;
  private Colour colour = Colour.AUTO;
  private boolean verbose;

  private Console(
      InputStream in,
      Output out,
      Output err,
      boolean inIsTerminal,
      boolean outIsTerminal,
      boolean errIsTerminal,
      Map<String, String> variables) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.inIsTerminal = inIsTerminal;
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.variables = variables;
  }

  /** The process's own streams and environment. */
  static Console ofProcess() {
    boolean out = isTerminal(1);
    boolean err = isTerminal(2);
    return new Console(
        new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
        new Output(new FileOutputStream(FileDescriptor.out), charset(out)),
        new Output(new FileOutputStream(FileDescriptor.err), charset(err)),
        isTerminal(0),
        out,
        err,
        System.getenv());
  }

  /** Streams that are no terminals, for tests. */
  static Console of(
      InputStream in, OutputStream out, OutputStream err, Map<String, String> variables) {
    return new Console(
        in,
        new Output(out, StandardCharsets.UTF_8),
        new Output(err, StandardCharsets.UTF_8),
        false,
        false,
        false,
        variables);
  }

  /** The same streams, taken for terminals; for tests. */
  Console asTerminal() {
    return new Console(in, out, err, true, true, true, variables);
  }

  InputStream in() {
    return in;
  }

  Output out() {
    return out;
  }

  Output err() {
    return err;
  }

  boolean inIsTerminal() {
    return inIsTerminal;
  }

  boolean outIsTerminal() {
    return outIsTerminal;
  }

  boolean errIsTerminal() {
    return errIsTerminal;
  }

  Style outStyle() {
    return style(outIsTerminal);
  }

  Style errStyle() {
    return style(errIsTerminal);
  }

  void colour(Colour colour) {
    this.colour = colour;
  }

  boolean verbose() {
    return verbose;
  }

  /** Stack traces and the log's debug level; must come before the first line is logged. */
  void verbose(boolean verbose) {
    this.verbose = verbose;
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
    }
  }

  /** An environment variable that is set and not empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** Where the program keeps what it may forget, such as the chat's history. */
  Path stateDirectory() {
    Path home = Path.of(System.getProperty("user.home", "."));
    Path base =
        WINDOWS
            ? variable("LOCALAPPDATA").map(Path::of).orElse(home)
            : variable("XDG_STATE_HOME").map(Path::of).orElse(home.resolve(".local/state"));
    return base.resolve("zonda");
  }

  /**
   * Refuses arguments that the JVM could not read: in a locale such as POSIX it takes every byte
   * beyond ASCII for U+FFFD, and the prompt would silently be another.
   */
  static void checkArguments(String... arguments) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    for (String argument : arguments) {
      if (argument.indexOf('\uFFFD') >= 0 && !encoding.equals("UTF-8")) {
        throw new UsageException(
            "'%s' has characters that the locale's encoding, %s, cannot express; set LC_ALL=C.UTF-8"
                .formatted(argument, encoding));
      }
    }
  }

  /** The Java that runs this, and the system it runs on. */
  static String platform() {
    return "%s %s, %s %s"
        .formatted(
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private Style style(boolean terminal) {
    boolean coloured =
        switch (colour) {
          case ALWAYS -> true;
          case NEVER -> false;
          // NO_COLOR: https://no-color.org; TERM=dumb: a terminal that cannot.
          case AUTO ->
              terminal
                  && variable("NO_COLOR").isEmpty()
                  && !variable("TERM").equals(Optional.of("dumb"));
        };
    return coloured ? Style.COLOURED : Style.PLAIN;
  }

  /** UTF-8 everywhere but in a Windows console, whose code page decides. */
  private static Charset charset(boolean terminal) {
    return WINDOWS && terminal
        ? Charset.forName(System.getProperty("stdout.encoding", "UTF-8"), StandardCharsets.UTF_8)
        : StandardCharsets.UTF_8;
  }

  /**
   * Whether a descriptor is a terminal. The JDK answers only for input and output together, so
   * where the system shows what the descriptors are, look there.
   */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (Files.isSymbolicLink(link)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.equals("/dev/console");
      } catch (IOException e) {
        return false;
      }
    }
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }
}
