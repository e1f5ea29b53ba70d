public final class NoAnnotation {
  public static void copy() {}
}
