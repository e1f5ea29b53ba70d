package org.zonda.app;

/** Where the program starts; knows only its version until the commands are there. */
public final class Main {

  private Main() {}

  /**
   * Runs one command and exits with its code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      System.out.println("zonda " + Main.class.getPackage().getImplementationVersion());
      return;
    }
    System.err.println("zonda: unknown command; known: --version");
    System.exit(2);
  }
}
