package org.zonda.model.template;

/** Counts what a rendering uses, and ends it at its {@link Limits}. One thread. */
final class Budget {

  private static final int ELEMENT_CELLS = 8;
  private static final int CHARACTERS_PER_STEP = 32;

  private final Limits limits;
  private long steps;
  private long memory;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  /** One expression or statement. */
  void step() {
    steps(1);
  }

  /** Characters or elements that are looked at. */
  void scan(long length) {
    steps(1 + length / CHARACTERS_PER_STEP);
  }

  private void steps(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw new TemplateException(
          "stopped after %d steps; does it loop for ever?".formatted(limits.steps()));
    }
  }

  /** A text of that many characters. */
  void text(long length) {
    cells(length);
  }

  /** A list or map of that many elements. */
  void elements(long count) {
    cells(Math.min(count, limits.memory()) * ELEMENT_CELLS + ELEMENT_CELLS);
    scan(count);
  }

  private void cells(long count) {
    memory += count;
    if (memory > limits.memory() || memory < 0) {
      throw new TemplateException(
          "stopped: the values that it made take more than %d MiB"
              .formatted(limits.memory() >> 18));
    }
  }

  void output(int length) {
    if (length > limits.output()) {
      throw new TemplateException(
          "stopped: it writes more than %d characters".formatted(limits.output()));
    }
  }

  /** Goes one level deeper, which {@link #leave} ends. */
  void enter() {
    if (depth >= limits.depth()) {
      throw tooDeep(limits.depth());
    }
    depth++;
  }

  void leave() {
    depth--;
  }

  static TemplateException tooDeep(int depth) {
    return new TemplateException(
        "stopped: more than %d levels deep; does a macro call itself for ever?".formatted(depth));
  }
}
