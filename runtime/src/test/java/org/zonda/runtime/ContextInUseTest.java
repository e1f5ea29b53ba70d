package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.MetadataType;
import org.zonda.model.gguf.MetadataValue.IntegerValue;
import org.zonda.model.graph.Operation;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.AlteredModel;
import org.zonda.runtime.cpu.GoldenModel;

/** A model is described for the context that is asked for, or for its own. */
class ContextInUseTest {

  /** Phi-3's golden model, of 128 positions, with factors as if 32 of them were the original. */
  private static ModelSource longRope(GoldenModel phi3) {
    return new AlteredModel(phi3.file)
        .put("phi3.rope.scaling.original_context_length", new IntegerValue(MetadataType.UINT32, 32))
        .put(factors("rope_factors_short.weight", 1))
        .put(factors("rope_factors_long.weight", 4));
  }

  private static Tensor factors(String name, float factor) {
    float[] values = {factor, factor, factor, factor, factor, factor, factor, factor};
    return new Tensor(name, TensorType.F32, List.of(8L), MemorySegment.ofArray(values));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.25", "128, 0.25", "33, 0.25", "32, 1", "7, 1"})
  void factorsOfLongRope(int context, float first) {
    LoadOptions options = FakeModel.options(context, 16).withThreads(1);
    try (GoldenModel phi3 = GoldenModel.open("phi3");
        LanguageModel model = LanguageModel.open(longRope(phi3), options)) {
      assertThat(model.contextLength()).isEqualTo(context == 0 ? 128 : context);
      assertThat(
              model.transformer().layers().stream()
                  .flatMap(layer -> layer.operations().stream())
                  .filter(Operation.Rotate.class::isInstance)
                  .map(rotate -> ((Operation.Rotate) rotate).rotary().frequencies()[0]))
          .hasSize(4)
          .containsOnly(first);
    }
  }
}
