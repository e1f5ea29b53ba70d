package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;

/** What a model on the CPU refuses, and what it owns. */
class CpuBackendTest {

  private static void with(int context, Consumer<Executor> test) {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        CpuBackend backend = new CpuBackend(1);
        Executor executor =
            backend.load(
                Architectures.describe(model.file),
                model.file,
                new ExecutorOptions(context, 2, 8, CacheType.F32))) {
      test.accept(executor);
    }
  }

  @Test
  void refusesWhatDoesNotFitAndStaysAsItWas() {
    with(
        4,
        executor -> {
          executor.forward(Batch.of(0, 0, 1, 2));
          float[] expected = executor.forward(Batch.of(0, 2, 5)).row(0);
          executor.truncate(0, 2);
          assertRefused(executor, Batch.of(2, 0, 1), "sequence 2 does not exist");
          assertRefused(executor, Batch.of(-1, 0, 1), "sequence -1 does not exist");
          assertRefused(executor, Batch.of(0, 2, 360), "token 360 is not in the vocabulary");
          assertRefused(executor, Batch.of(0, 2, -1), "token -1");
          assertRefused(executor, Batch.of(0, 3, 1), "expected 2");
          assertRefused(executor, Batch.of(0, 1, 1), "expected 2");
          assertRefused(executor, Batch.of(0, 2, 5, 6, 7), "beyond the context of 4 positions");
          assertThat(executor.forward(Batch.of(0, 2, 5)).row(0)).isEqualTo(expected);
        });
  }

  private static void assertRefused(Executor executor, Batch batch, String message) {
    assertThatThrownBy(() -> executor.forward(batch))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining(message);
    assertThat(executor.length(0)).isEqualTo(2);
    assertThat(executor.length(1)).isZero();
  }

  @Test
  void aFormatWithoutACodecIsRefusedByFileAndTensor() {
    assertThatThrownBy(() -> new VectorKernels().matrix(TensorType.IQ1_S, "a.gguf: tensor 'b'"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(
            "a.gguf: tensor 'b': format IQ1_S is not supported; known formats: F32, F16, ");
  }

  @Test
  void aShortenedSequenceContinuesAsIfTheRestHadNeverBeen() {
    with(
        64,
        executor -> {
          executor.forward(Batch.of(0, 0, 1, 10, 20));
          float[] expected = executor.forward(Batch.of(0, 3, 30)).row(0);
          executor.forward(Batch.of(0, 4, 7, 8, 9));
          executor.truncate(0, 3);
          assertThat(executor.forward(Batch.of(0, 3, 30)).row(0)).isEqualTo(expected);
        });
  }

  @Test
  void theCacheGrowsByBlocksAndReusesThem() {
    with(
        200,
        executor -> {
          assertThat(executor.cacheBytes()).isZero();
          executor.forward(Batch.of(0, 0, 1));
          long block = executor.cacheBytes();
          // 2 layers of 2 KV heads of 16 floats, keys and values, for the positions of a block.
          assertThat(block).isEqualTo(2L * 2 * 2 * 16 * 4 * PagedKvCache.POSITIONS);
          executor.forward(Batch.of(0, 1, new int[PagedKvCache.POSITIONS]));
          assertThat(executor.cacheBytes()).isEqualTo(2 * block);
          executor.truncate(0, 0);
          executor.forward(Batch.of(1, 0, new int[PagedKvCache.POSITIONS + 1]));
          assertThat(executor.cacheBytes()).isEqualTo(2 * block);
        });
  }

  @Test
  void aForkedSequenceGoesOnAsIfItHadReadThePromptItself() {
    int[] prompt = new SplittableRandom(1).ints(PagedKvCache.POSITIONS + 20, 1, 300).toArray();
    float[][] expected = new float[3][];
    with(
        200,
        executor -> {
          executor.forward(Batch.of(0, 0, prompt));
          expected[0] = executor.forward(Batch.of(0, prompt.length, 5, 6)).row(0);
          executor.truncate(0, prompt.length);
          expected[1] = executor.forward(Batch.of(0, prompt.length, 7, 8)).row(0);
          executor.truncate(0, 30);
          expected[2] = executor.forward(Batch.of(0, 30, 9)).row(0);
        });
    with(
        200,
        executor -> {
          executor.forward(Batch.of(0, 0, prompt));
          long bytes = executor.cacheBytes();
          executor.fork(0, 1, prompt.length);
          assertThat(executor.length(1)).isEqualTo(prompt.length);
          assertThat(executor.cacheBytes()).isEqualTo(bytes);
          int at = prompt.length;
          Batch both =
              new Batch()
                  .add(0, 5, at, false)
                  .add(0, 6, at + 1, true)
                  .add(1, 7, at, false)
                  .add(1, 8, at + 1, true);
          Logits logits = executor.forward(both);
          assertThat(logits.row(0)).isEqualTo(expected[0]);
          assertThat(logits.row(1)).isEqualTo(expected[1]);
          assertThat(executor.cacheBytes()).isEqualTo(bytes / 2 * 3);
          executor.truncate(1, 30);
          assertThat(executor.forward(Batch.of(1, 30, 9)).row(0)).isEqualTo(expected[2]);
          executor.truncate(0, at);
          assertThat(executor.forward(Batch.of(0, at, 7, 8)).row(0)).isEqualTo(expected[1]);
        });
  }

  @Test
  void onlyAnEmptySequenceCanBeginAsAnother() {
    with(
        64,
        executor -> {
          executor.forward(Batch.of(0, 0, 1, 2, 3));
          assertThatThrownBy(() -> executor.fork(0, 2, 1))
              .isInstanceOf(ZondaException.class)
              .hasMessage("sequence 2 does not exist; there are 2, from 0 on");
          assertThatThrownBy(() -> executor.fork(0, 1, 4))
              .hasMessage("sequence 0 has 3 positions, not 4");
          assertThatThrownBy(() -> executor.fork(1, 0, 0))
              .hasMessage("sequence 0 has 3 positions; only an empty one can begin as another");
          assertThatThrownBy(() -> executor.fork(1, 1, 0)).hasMessageContaining("sequence 1");
          executor.fork(0, 1, 0);
          assertThat(executor.length(1)).isZero();
        });
  }

  @Test
  void aBatchThatWantsNoLogitsGivesNone() {
    with(
        64,
        executor -> {
          assertThat(executor.forward(new Batch().add(0, 1, 0, false)).rows()).isZero();
          assertThat(executor.forward(new Batch()).rows()).isZero();
          assertThat(executor.length(0)).isOne();
        });
  }

  /** Whatever the model: in a small one nobody would ask for machine code. */
  @Test
  void refusesAnUnknownInstructionSet() {
    String before = System.setProperty("zonda.machine", "avx-512");
    try {
      assertThatThrownBy(() -> new CpuBackend(1))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("'avx-512'; expected one of off, avx2, avxvnni, avx512");
    } finally {
      if (before == null) {
        System.clearProperty("zonda.machine");
      } else {
        System.setProperty("zonda.machine", before);
      }
    }
  }

  @Test
  void saysWhatAModelRunsWith() {
    try (GoldenModel model = GoldenModel.open("llama-Q8_0");
        CpuBackend small = new CpuBackend(1);
        CpuBackend exact = Engine.MACHINE_EXACT.open()) {
      ExecutorOptions options = new ExecutorOptions(4, 1, 4, CacheType.F32);
      small.load(Architectures.describe(model.file), model.file, options).close();
      assertThat(small.description()).doesNotContain("machine code");
      exact.load(Architectures.describe(model.file), model.file, options).close();
      assertThat(exact.description()).contains("machine code (", ", exact)");
    }
  }
}
