import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public interface InInterface {
  @Kernel("cursor.reset")
  static void reset(KernelContext c, IntArray cursor) {
    cursor.set(0, 0);
  }
}
