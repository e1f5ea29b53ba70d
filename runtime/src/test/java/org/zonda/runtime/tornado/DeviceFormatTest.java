package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.kernels.oracle.PackedValues;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Repacked weights are the weights: what the kernels' definition reads is what the codec reads. */
class DeviceFormatTest {

  private static final int ROWS = 5;
  private static final int COLUMNS = 768;

  /** Devices multiply whatever can be decoded. */
  static Stream<TensorType> everything() {
    return Codecs.all().stream().map(Codec::type);
  }

  private static Tensor tensor(TensorType type, int seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * (1 + i / 100);
    }
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(values.length));
    Codecs.of(type, "test").encode(values, 0, data, 0, values.length);
    return new Tensor("weight", type, List.of((long) COLUMNS, (long) ROWS), data);
  }

  private static MatrixValues values(DeviceMatrix m) {
    return switch (m.format().type()) {
      case F32 -> MatrixValues.f32(m.floats(0), m.columns());
      case F16 -> MatrixValues.f16(m.halves(0), m.columns());
      case BF16 -> MatrixValues.bf16(m.ints(0), m.columns());
      case Q8_0 -> MatrixValues.q8_0(m.ints(0), m.halves(1), m.columns());
      case Q4_0 -> MatrixValues.q4_0(m.ints(0), m.halves(1), m.columns());
      case Q4_K -> MatrixValues.q4_K(m.ints(0), m.ints(1), m.halves(2), m.columns());
      case Q6_K -> MatrixValues.q6_K(m.ints(0), m.ints(1), m.ints(2), m.halves(3), m.columns());
      case Q4_1 -> PackedValues.q4_1(m.ints(0), m.halves(3), m.columns());
      case Q5_0 -> PackedValues.q5_0(m.ints(0), m.ints(1), m.halves(3), m.columns());
      case Q5_1 -> PackedValues.q5_1(m.ints(0), m.ints(1), m.halves(3), m.columns());
      case Q2_K -> PackedValues.q2_K(m.ints(0), m.ints(2), m.halves(3), m.columns());
      case Q3_K -> PackedValues.q3_K(m.ints(0), m.ints(1), m.ints(2), m.halves(3), m.columns());
      case Q5_K -> PackedValues.q5_K(m.ints(0), m.ints(1), m.ints(2), m.halves(3), m.columns());
      case IQ4_NL -> PackedValues.iq4_NL(m.ints(0), m.halves(3), m.columns());
      case IQ4_XS -> PackedValues.iq4_XS(m.ints(0), m.ints(2), m.halves(3), m.columns());
      case MXFP4 -> PackedValues.mxfp4(m.ints(0), m.ints(2), m.columns());
      default -> throw new IllegalArgumentException(m.format().type().name());
    };
  }

  @ParameterizedTest
  @MethodSource("everything")
  void rowsOfTwoTensorsAreWhatTheCodecDecodes(TensorType type) {
    Tensor first = tensor(type, 1);
    Tensor second = tensor(type, 2);
    DeviceMatrix stack =
        DeviceMatrix.ofRows(DeviceFormat.of(type, COLUMNS, "test"), ROWS + 2, COLUMNS);
    stack.put(second, 3, 2, ROWS);
    stack.put(first, 0, ROWS, 0);
    MatrixValues repacked = values(stack);
    float[] expected = new float[COLUMNS];
    for (int row = 0; row < ROWS + 2; row++) {
      if (row < ROWS) {
        first.decodeRow(row, expected);
      } else {
        second.decodeRow(row - ROWS + 3, expected);
      }
      for (int column = 0; column < COLUMNS; column++) {
        assertThat((float) repacked.at(row, column))
            .as("row %d, column %d", row, column)
            .isEqualTo(expected[column]);
      }
    }
  }

  /**
   * Never widened: planes hold as many bits as the blocks. Two planes may have an element that
   * stands for none, and bytes may not fill their last word.
   */
  @ParameterizedTest
  @MethodSource("everything")
  void planesTakeNoMoreThanTheBlocks(TensorType type) {
    DeviceMatrix matrix =
        DeviceMatrix.ofRows(DeviceFormat.of(type, COLUMNS, "test"), ROWS, COLUMNS);
    long blocks = type.bytes((long) ROWS * COLUMNS);
    assertThat(matrix.planes().stream().mapToLong(plane -> plane.getNumBytesOfSegment()).sum())
        .isBetween(blocks, blocks + 2 * Float.BYTES + 3);
  }

  @Test
  void anotherFormatIsRefusedByName() {
    assertThatThrownBy(() -> DeviceFormat.of(TensorType.TQ1_0, 256, "model.gguf: tensor 'x'"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "model.gguf: tensor 'x' is stored as TQ1_0, which the GPU path cannot multiply; it can F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q6_K, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K, IQ4_NL, IQ4_XS, MXFP4; use --backend cpu, or convert the model: zonda quantize --type Q8_0");
  }

  @Test
  void rowsThatWordsDoNotDivideAreRefused() {
    assertThatThrownBy(() -> DeviceFormat.of(TensorType.F16, 33, "model.gguf: tensor 'x'"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("rows of 33 elements; the GPU path needs a multiple of 2");
  }
}
