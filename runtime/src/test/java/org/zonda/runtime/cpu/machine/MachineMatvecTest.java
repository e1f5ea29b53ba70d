package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;

class MachineMatvecTest {
  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1"})
  void smoke(TensorType type) {
    MachineMatvec matvec = MachineMatvec.of(type).orElseThrow();
    Random random = new Random(1);
    int columns = 512;
    for (int rows = 1; rows < 10; rows++) {
      long rowBytes = type.bytes(columns);
      MemorySegment weights = Arena.ofAuto().allocate(rows * rowBytes);
      float[] w = new float[columns * rows];
      for (int i = 0; i < w.length; i++) w[i] = (float) random.nextGaussian();
      Codecs.of(type, "").encode(w, 0, weights, 0, w.length);
      Codecs.of(type, "").decode(weights, 0, w, 0, w.length);
      float[] x = new float[columns * 4];
      for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
      QuantizedRows q = new QuantizedRows();
      q.resize(4, columns);
      for (int t = 0; t < 4; t++) q.quantize(t, x, t * columns);
      for (int tokens = 1; tokens <= 4; tokens++) {
        float[] out = new float[rows * 4];
        matvec.multiply(weights, 0, rowBytes, columns, rows, q, 0, tokens, out, 0, rows);
        for (int t = 0; t < tokens; t++)
          for (int r = 0; r < rows; r++) {
            double sum = 0, mag = 0;
            for (int k = 0; k < columns; k++) {
              double p =
                  w[r * columns + k]
                      * (double) q.segment().get(JAVA_BYTE, q.offset(t) + k)
                      * q.segment()
                          .get(
                              JAVA_FLOAT,
                              q.offset(t) + QuantizedRows.scaleOffset(columns) + k / 32 * 4);
              sum += p;
              mag += Math.abs(p);
            }
            assertThat((double) out[t * rows + r])
                .isCloseTo(sum, org.assertj.core.data.Offset.offset(mag * 1e-6));
          }
      }
    }
  }
}
