package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;

/** Products by the definition of the formats, in double precision. */
final class MatvecOracle {

  /** Bytes as they come. */
  static final ToIntFunction<Random> BITS = random -> random.nextInt(256);

  /** Of the sum of magnitudes of what is added up. */
  private static final double TOLERANCE = 1e-6;

  private MatvecOracle() {}

  static boolean isFloat(TensorType type) {
    return type.blockElements() == 1;
  }

  static boolean isMultiplied(TensorType type) {
    return MachineMatvec.of(type).isPresent() || MachineFloatMatvec.of(type).isPresent();
  }

  /** Where a block's half-precision scale is; -1 if it has none. */
  private static int scaleAt(TensorType type) {
    return switch (type) {
      case Q6_K -> 208;
      case Q3_K -> 108;
      case Q2_K -> 80;
      case MXFP4, F32, BF16 -> -1;
      default -> 0;
    };
  }

  /** What is added to the numbers of a block and taken away again after they are multiplied. */
  private static double offset(TensorType type) {
    return switch (type) {
      case Q8_0, IQ4_NL -> 128;
      case Q5_0, MXFP4 -> 16;
      case Q4_0 -> 8;
      default -> 0;
    };
  }

  /** A product: weights as stored, and activations. */
  record Case(
      TensorType type, int columns, int rows, int tokens, MemorySegment weights, float[] x) {

    /** Weights and activations of a normal distribution. */
    static Case random(TensorType type, int columns, int rows, int tokens, Random random) {
      float[] numbers = normal(rows * columns, random);
      MemorySegment weights = Arena.ofAuto().allocate(rows * type.bytes(columns));
      Codecs.of(type, "test").encode(numbers, 0, weights, 0, numbers.length);
      return new Case(type, columns, rows, tokens, weights, normal(tokens * columns, random));
    }

    /** Weights of given bytes, though with scales that are finite. */
    static Case ofBits(
        TensorType type,
        int columns,
        int rows,
        int tokens,
        ToIntFunction<Random> bytes,
        Random random) {
      MemorySegment weights = Arena.ofAuto().allocate(rows * type.bytes(columns));
      for (long i = 0; i < weights.byteSize(); i++) {
        weights.set(JAVA_BYTE, i, (byte) bytes.applyAsInt(random));
      }
      Case made = new Case(type, columns, rows, tokens, weights, normal(tokens * columns, random));
      made.makeFinite();
      return made;
    }

    private static float[] normal(int n, Random random) {
      float[] numbers = new float[n];
      for (int i = 0; i < n; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      return numbers;
    }

    /** Takes the lowest bit of exponents that have all bits. */
    private void makeFinite() {
      var shorts = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      int exponent = type == TensorType.F32 || type == TensorType.BF16 ? 0x7F80 : 0x7C00;
      int lowest = exponent & -exponent;
      int scaleAt = type == TensorType.F32 ? 2 : type == TensorType.BF16 ? 0 : scaleAt(type);
      boolean two =
          switch (type) {
            case Q4_1, Q5_1, Q4_K, Q5_K, Q2_K -> true;
            default -> false;
          };
      for (long b = 0; b < weights.byteSize(); b += type.blockBytes()) {
        for (int i = 0; scaleAt >= 0 && i < (two ? 2 : 1); i++) {
          short half = weights.get(shorts, b + scaleAt + 2 * i);
          if ((half & exponent) == exponent) {
            // A float near the largest would overflow in the products, which is no fault.
            int high = exponent == 0x7F80 ? 0x4000 : lowest;
            weights.set(shorts, b + scaleAt + 2 * i, (short) (half & ~high));
          }
        }
      }
      if (type == TensorType.MXFP4) {
        for (long b = 0; b < weights.byteSize(); b += type.blockBytes()) {
          weights.set(JAVA_BYTE, b, (byte) Math.min(weights.get(JAVA_BYTE, b) & 0xFF, 240));
        }
      }
    }

    /** Sets the scale of a row's last block; false if the format has none of half precision. */
    boolean spoil(int row, short half) {
      if (scaleAt(type) < 0) {
        return false;
      }
      long last = (row + 1) * type.bytes(columns) - type.blockBytes();
      weights.set(
          JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), last + scaleAt(type), half);
      return true;
    }

    Case withActivation(int token, int column, float value) {
      float[] changed = x.clone();
      changed[token * columns + column] = value;
      return new Case(type, columns, rows, tokens, weights, changed);
    }

    /** The same with its weights elsewhere. */
    Case movedTo(MemorySegment memory) {
      memory.copyFrom(weights);
      return new Case(type, columns, rows, tokens, memory, x);
    }

    QuantizedRows quantized() {
      QuantizedRows q = new QuantizedRows();
      q.resize(tokens, columns);
      for (int t = 0; t < tokens; t++) {
        q.quantize(t, x, t * columns);
      }
      return q;
    }

    /** What the machine code gives. */
    float[] multiply() {
      float[] out = new float[tokens * rows];
      long rowBytes = type.bytes(columns);
      if (isFloat(type)) {
        MachineFloatMatvec.of(type)
            .orElseThrow()
            .multiply(weights, 0, rowBytes, columns, rows, x, 0, columns, tokens, out, 0, rows);
      } else {
        MachineMatvec.of(type)
            .orElseThrow()
            .multiply(weights, 0, rowBytes, columns, rows, quantized(), 0, tokens, out, 0, rows);
      }
      return out;
    }

    /** Compares all sums with the definition. */
    void check() {
      check(false);
    }

    /**
     * The same for weights of which a block may have small ones only. The tolerance is then also of
     * what is added and taken away: lanes are rounded before they cancel.
     */
    void checkWithOffsets() {
      check(true);
    }

    private void check(boolean offsets) {
      float[] out = multiply();
      float[] w = decoded();
      double[] activations = activations();
      for (int t = 0; t < tokens; t++) {
        for (int r = 0; r < rows; r++) {
          double sum = 0;
          double size = 0;
          for (int k = 0; k < columns; k++) {
            double a = activations[t * columns + k];
            sum += w[r * columns + k] * a;
            size += Math.abs(w[r * columns + k] * a);
            size += offsets ? offset(type) * blockScale(r, k) * Math.abs(a) : 0;
          }
          if (size < Float.MAX_VALUE) {
            assertThat(Math.abs(out[t * rows + r] - sum))
                .as("%s, %d columns, row %d of %d, token %d: %s", type, columns, r, rows, t, sum)
                .isLessThanOrEqualTo(TOLERANCE * size + Float.MIN_NORMAL);
          }
        }
      }
    }

    private float[] decoded() {
      float[] w = new float[rows * columns];
      Codecs.of(type, "test").decode(weights, 0, w, 0, w.length);
      return w;
    }

    /** The scale of the 32 numbers that a weight is one of, for the formats with offsets. */
    private double blockScale(int row, int column) {
      long block = row * type.bytes(columns) + column / 32 * (long) type.blockBytes();
      if (type == TensorType.MXFP4) {
        return Math.scalb(1.0, (weights.get(JAVA_BYTE, block) & 0xFF) - 128);
      }
      var shorts = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      return offset(type) == 0 ? 0 : Math.abs(Float.float16ToFloat(weights.get(shorts, block)));
    }

    /** As the machine code gets them. */
    private double[] activations() {
      double[] values = new double[x.length];
      QuantizedRows q = isFloat(type) ? null : quantized();
      for (int i = 0; i < values.length; i++) {
        if (q == null) {
          values[i] = x[i];
        } else {
          long row = q.offset(i / columns);
          long scale = QuantizedRows.scaleOffset(columns) + i % columns / 32 * 4L;
          values[i] =
              (double) q.segment().get(JAVA_BYTE, row + i % columns)
                  * q.segment().get(JAVA_FLOAT, row + scale);
        }
      }
      return values;
    }

    /** The product with the activations as they were given. */
    double floatProduct(int token, int row) {
      float[] w = decoded();
      double sum = 0;
      for (int k = 0; k < columns; k++) {
        sum += (double) w[row * columns + k] * x[token * columns + k];
      }
      return sum;
    }
  }
}
