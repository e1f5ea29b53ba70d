package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;

/** The llama family. */
final class Llama implements Architecture {

  @Override
  public List<String> names() {
    return List.of("llama");
  }

  @Override
  public Decoder describe(ModelSource source) {
    throw new UnsupportedOperationException("being written");
  }
}
