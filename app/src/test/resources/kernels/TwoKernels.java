import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class TwoKernels {
  private TwoKernels() {}

  @Kernel("cursor.reset")
  public static void reset(KernelContext c, IntArray cursor) {
    Helper.put(cursor, 0);
  }

  @Kernel("cursor.advance")
  public static void advance(KernelContext c, IntArray cursor, int by) {
    Helper.put(cursor, cursor.get(0) + by);
  }
}

final class Helper {
  static void put(IntArray cursor, int value) {
    cursor.set(0, value);
  }
}
