package org.zonda.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.MemoryModel;

class PoolingTest {

  private static MemoryModel type(long type) {
    return MemoryModel.of(
        m -> m.putString("general.architecture", "bert").putUint32("bert.pooling_type", type));
  }

  @Test
  void theMetadataNamesIt() {
    assertThat(Pooling.of(type(0))).isEmpty();
    assertThat(Pooling.of(type(1))).contains(Pooling.MEAN);
    assertThat(Pooling.of(type(2))).contains(Pooling.CLS);
    assertThat(Pooling.of(type(3))).contains(Pooling.LAST);
    assertThat(Pooling.of(MemoryModel.of(m -> m.putString("general.architecture", "bert"))))
        .isEmpty();
  }

  @Test
  void whatIsNoPoolingIsRefused() {
    assertThatThrownBy(() -> Pooling.of(type(4)))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith(
            "test.gguf: bert.pooling_type is 4: the model ranks pairs of texts");
    for (long type : new long[] {5, 7, 0xFFFF_FFFFL}) {
      assertThatThrownBy(() -> Pooling.of(type(type)))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "test.gguf: bert.pooling_type is %d; expected 0 (none), 1 (mean), 2 (cls) or 3"
                  + " (last); choose a pooling to go on",
              type);
    }
  }
}
