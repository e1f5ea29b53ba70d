package org.zonda.runtime.fake;

import java.util.List;
import java.util.function.Function;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;

/** Loads {@link FakeExecutor}s. */
public final class FakeBackend implements Loader {

  private final Function<List<Integer>, float[]> logits;
  private FakeExecutor executor;
  private boolean closed;

  public FakeBackend(Function<List<Integer>, float[]> logits) {
    this.logits = logits;
  }

  /** The executor that was loaded last. */
  public FakeExecutor executor() {
    return executor;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public String description() {
    return "fake";
  }

  @Override
  public FakeExecutor load(Transformer transformer, ModelSource weights, ExecutorOptions options) {
    executor = new FakeExecutor(options, transformer.vocabularySize(), logits);
    return executor;
  }

  @Override
  public void close() {
    closed = true;
  }
}
