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
    System.exit(Commands.execute(Console.ofProcess(), arguments));
  }
}
