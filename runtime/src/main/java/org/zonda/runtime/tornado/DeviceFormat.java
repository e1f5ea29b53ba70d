package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A format of weights that devices can multiply: how stored blocks become planes, which have the
 * same number of bits, and the kernels that read them. One class a format; a new one is a line in
 * {@link #ALL}.
 */
abstract sealed class DeviceFormat
    permits F32DeviceFormat,
        F16DeviceFormat,
        BF16DeviceFormat,
        Q8_0DeviceFormat,
        Q4_0DeviceFormat,
        Q4_KDeviceFormat,
        Q6_KDeviceFormat,
        PackedDeviceFormat {

  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT = little(ValueLayout.JAVA_SHORT_UNALIGNED);
  static final ValueLayout.OfInt INT = little(ValueLayout.JAVA_INT_UNALIGNED);
  static final ValueLayout.OfLong LONG = little(ValueLayout.JAVA_LONG_UNALIGNED);

  private static final List<DeviceFormat> ALL =
      List.of(
          new F32DeviceFormat(),
          new F16DeviceFormat(),
          new BF16DeviceFormat(),
          new Q8_0DeviceFormat(),
          new Q4_0DeviceFormat(),
          new Q4_KDeviceFormat(),
          new Q6_KDeviceFormat(),
          new Q4_1DeviceFormat(),
          new Q5_0DeviceFormat(),
          new Q5_1DeviceFormat(),
          new Q2_KDeviceFormat(),
          new Q3_KDeviceFormat(),
          new Q5_KDeviceFormat(),
          new IQ4_NLDeviceFormat(),
          new IQ4_XSDeviceFormat(),
          new MXFP4DeviceFormat());

  private final TensorType type;
  private final int blockElements;
  private final List<Plane> planes;

  DeviceFormat(TensorType type, List<Plane> planes) {
    this(type, type.blockElements(), planes);
  }

  /** A format whose planes are filled with several stored blocks at once. */
  DeviceFormat(TensorType type, int blockElements, List<Plane> planes) {
    this.type = type;
    this.blockElements = blockElements;
    this.planes = planes;
  }

  @SuppressWarnings("unchecked")
  private static <L extends ValueLayout> L little(L layout) {
    return (L) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Finds the format of a tensor.
   *
   * @param type how it is stored
   * @param columns length of its rows
   * @param context the file and tensor, for messages
   * @throws UnsupportedModelException if devices cannot multiply it
   */
  static DeviceFormat of(TensorType type, long columns, String context) {
    DeviceFormat format =
        ALL.stream()
            .filter(candidate -> candidate.type == type)
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        "%s is stored as %s, which the GPU path cannot multiply; it can %s; use --backend cpu, or convert the model: zonda quantize --type Q8_0"
                            .formatted(context, type, known())));
    if (columns % format.blockElements != 0 || columns % 2 != 0) {
      throw new UnsupportedModelException(
          "%s has rows of %d elements; the GPU path needs a multiple of %d; use --backend cpu"
              .formatted(context, columns, Math.max(2, format.blockElements)));
    }
    return format;
  }

  private static String known() {
    return ALL.stream().map(format -> format.type.name()).collect(Collectors.joining(", "));
  }

  final TensorType type() {
    return type;
  }

  /** The id of a kernel of its own, such as {@code matvec.q8_0}. */
  final String id(String family) {
    return family + "." + type.name().toLowerCase(Locale.ROOT);
  }

  final int blockElements() {
    return blockElements;
  }

  final List<Plane> planes() {
    return planes;
  }

  /**
   * Takes blocks apart.
   *
   * @param from where they are stored
   * @param offset of the first, in bytes
   * @param blocks how many
   * @param to the matrix whose planes they go to
   * @param first number of the first among the matrix's blocks
   */
  abstract void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first);

  /** Adds the product of a matrix with single rows. */
  abstract void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t);

  /** Adds the gated product of a matrix of gate and up rows with single rows. */
  abstract void gated(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t);

  /** Adds the product of a matrix with many rows. */
  abstract void matmul(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t);

  /** Adds the look-up of rows whose numbers the pass has from {@code list} on. */
  abstract void embed(
      TaskGraph graph,
      String name,
      DeviceMatrix m,
      DeviceKernels kernels,
      KernelContext context,
      IntArray pass,
      FloatArray y,
      int list);
}
