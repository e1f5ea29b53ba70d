package org.zonda.runtime.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.zonda.model.tensor.TensorType;

/**
 * Multiplies rows of a matrix of floats, whole or short, in their file's layout, with one row of
 * float activations or with a few: the work of decoding, which is bound by reading the weights.
 *
 * <p>Thread-safe. A format's code is made when it is first asked for.
 */
public final class MachineFloatMatvec {

  /** Rows of activations that one call can take. */
  public static final int MOST_TOKENS = MatvecCode.MOST_TOKENS;

  private static final Map<TensorType, IntFunction<MatvecCode>> CODES =
      new EnumMap<>(
          Map.of(
              TensorType.F16, FloatMatvec.F16::new,
              TensorType.BF16, FloatMatvec.BF16::new,
              TensorType.F32, FloatMatvec.F32::new));

  private static final Map<TensorType, Optional<MachineFloatMatvec>> MADE =
      new EnumMap<>(TensorType.class);

  private final TensorType type;
  private final MatvecFunctions functions;

  private MachineFloatMatvec(TensorType type, MatvecFunctions functions) {
    this.type = type;
    this.functions = functions;
  }

  /**
   * The function for a format.
   *
   * @param type how the weights are stored
   * @return empty if there is none for this format, or no machine code on this machine
   */
  public static Optional<MachineFloatMatvec> of(TensorType type) {
    synchronized (MADE) {
      return MADE.computeIfAbsent(type, MachineFloatMatvec::make);
    }
  }

  private static Optional<MachineFloatMatvec> make(TensorType type) {
    IntFunction<MatvecCode> code = CODES.get(type);
    return code == null
        ? Optional.empty()
        : MatvecFunctions.of(type, code).map(functions -> new MachineFloatMatvec(type, functions));
  }

  /**
   * {@code out[outOffset + r] = dot(row r, x)} for consecutive rows.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param rowBytes distance of the rows
   * @param columns elements of a row
   * @param rows how many rows
   * @param x the activations
   * @param xOffset index of the first
   * @param out receives the sums
   * @param outOffset index of the first
   * @throws IndexOutOfBoundsException if rows, activations or sums are not inside their memory
   */
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset) {
    multiply(weights, offset, rowBytes, columns, rows, x, xOffset, 0, 1, out, outOffset, 0);
  }

  /**
   * {@code out[outOffset + t * outStride + r] = dot(row r, x of token t)} for consecutive rows and
   * a few tokens, for which the weights are read once.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param rowBytes distance of the rows
   * @param columns elements of a row
   * @param rows how many rows
   * @param x the activations
   * @param xOffset index of the first token's
   * @param xStride from one token's activations to the next's
   * @param tokens how many of them, 1 to {@link #MOST_TOKENS}
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outStride from one token's sums to the next's
   * @throws IndexOutOfBoundsException if rows, activations or sums are not inside their memory
   */
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      float[] out,
      int outOffset,
      int outStride) {
    if (rows == 0) {
      return;
    }
    long used = type.bytes(columns);
    if (rowBytes < used || tokens < 1 || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "rows of %d %s in %d bytes with %d rows of activations"
              .formatted(columns, type, rowBytes, tokens));
    }
    Product.checkDistances(xStride, outStride);
    Objects.checkFromIndexSize(xOffset, (long) (tokens - 1) * xStride + columns, x.length);
    Objects.checkFromIndexSize(offset, (rows - 1) * rowBytes + used, weights.byteSize());
    Objects.checkFromIndexSize(outOffset, (long) (tokens - 1) * outStride + rows, out.length);
    int rest = columns % FloatMatvec.COLUMNS;
    functions.call(
        tokens,
        weights,
        offset,
        rowBytes,
        columns / FloatMatvec.COLUMNS,
        rows,
        MemorySegment.ofArray(x),
        xOffset * (long) Float.BYTES,
        (1L << rest) - 1,
        0,
        xStride * (long) Float.BYTES,
        out,
        outOffset,
        outStride);
  }
}
