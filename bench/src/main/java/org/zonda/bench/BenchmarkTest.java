package org.zonda.bench;

/**
 * One thing to measure: reading a prompt, or writing tokens.
 *
 * @param kind reading or writing
 * @param tokens how many, of each sequence
 * @param depth positions that are in the KV cache of each sequence before
 * @param sequences how many are written at once, of which all share those positions; 1 for reading
 */
public record BenchmarkTest(Kind kind, int tokens, int depth, int sequences) {

  /** Reading or writing. */
  public enum Kind {
    /** Prompt processing: all tokens in one batch. */
    PROMPT("pp"),
    /** Text generation: one token of each sequence in a batch. */
    GENERATION("tg");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * What people call it, wherever it begins.
   *
   * @return such as {@code pp512} or {@code tg64}
   */
  public String name() {
    return kind.prefix + tokens;
  }

  /**
   * The same with what distinguishes it further.
   *
   * @return such as {@code tg64 @ 2048} or {@code tg64 @ 512 x 8}
   */
  public String fullName() {
    return name() + (depth == 0 ? "" : " @ " + depth) + (sequences == 1 ? "" : " x " + sequences);
  }

  /**
   * Whether it is about writing.
   *
   * @return false for reading
   */
  public boolean generates() {
    return kind == Kind.GENERATION;
  }

  /**
   * The tokens of all sequences.
   *
   * @return what speeds count
   */
  public long allTokens() {
    return (long) tokens * sequences;
  }

  /**
   * Runs it once; {@link Passes#begin} comes before.
   *
   * @param passes of a loaded model
   */
  public void run(Passes passes) {
    switch (kind) {
      case PROMPT -> passes.read(tokens);
      case GENERATION -> passes.write(tokens, sequences);
    }
  }
}
