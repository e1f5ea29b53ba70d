package org.zonda.app;

/** The exit codes that the help documents. */
final class ExitCode {

  static final int OK = 0;

  /** The model, the input or the machine does not allow it. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** A fault of the program itself (EX_SOFTWARE of BSD's sysexits). */
  static final int BUG = 70;

  /** Ended by Ctrl-C: 128 + SIGINT, as shells count. */
  static final int INTERRUPTED = 130;

  /** The reader of standard output went away: 128 + SIGPIPE. */
  static final int OUTPUT_CLOSED = 141;

  private ExitCode() {}
}
