package org.zonda.app;

/** Where the program starts. */
public final class Main {

  private Main() {}

  /**
   * Runs one command and exits with its code.
   *
   * @param arguments the command line, see {@code zonda --help}
   */
  public static void main(String[] arguments) {
    Console console = Console.ofProcess();
    int code;
    try {
      Console.checkArguments(arguments);
      code = Commands.execute(console, arguments);
    } catch (UsageException e) {
      code = new Failures(console).handle(e);
    }
    System.exit(code);
  }
}
