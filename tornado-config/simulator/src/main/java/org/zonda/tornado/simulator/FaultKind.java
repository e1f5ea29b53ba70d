package org.zonda.tornado.simulator;

/** What a kernel can do wrong. */
public enum FaultKind {
  /** An index outside an array. */
  OUT_OF_BOUNDS("access out of bounds"),
  /** A read of an element that nothing has been written to since it was allocated. */
  UNWRITTEN_READ("read of unwritten memory"),
  /** Two items of a group use an element, one writing, without a barrier in between. */
  RACE_IN_GROUP("race within a group"),
  /** Items of two groups use an element, one writing. */
  RACE_BETWEEN_GROUPS("race between groups"),
  /** Some items of a group wait at a barrier that others do not reach. */
  DIVERGENT_BARRIER("divergent barrier"),
  /** Something that the backend cannot compile, or compiles to something else. */
  LACKING_OPERATION("operation that the backend lacks"),
  /** A launch that the device refuses: its grid, its local memory, its arguments. */
  REFUSED_LAUNCH("refused launch"),
  /** A kernel that runs for longer than it is given. */
  ENDLESS("kernel that does not end"),
  /** A Java exception inside the kernel, which no device knows. */
  EXCEPTION("exception in a kernel");

  private final String text;

  FaultKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
