import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class WrongSignature {
  @Kernel("cursor.reset")
  public static void reset(KernelContext c, IntArray cursor, int layer) {
    cursor.set(0, layer);
  }
}
