package org.zonda.bench.compare;

import java.util.List;
import java.util.OptionalLong;
import org.zonda.bench.Hardware;
import org.zonda.bench.ReadSpeed;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;

/** A way to run a model, to be compared with others. */
public interface Candidate {

  /**
   * What the report calls it.
   *
   * @return such as {@code CPU} or {@code GPU, 16 layers}
   */
  String name();

  /**
   * Loads a model in this way.
   *
   * @param decoder the model
   * @param source its tensors; stay open as long as what is returned
   * @param options sizes of the KV cache and batch
   * @return the model, ready to run
   * @throws org.zonda.model.ZondaException if it cannot be had; the message says why
   */
  Loaded load(Decoder decoder, ModelSource source, ExecutorOptions options);

  /** A model that was loaded; owns the executor. */
  interface Loaded extends AutoCloseable {

    Executor executor();

    /**
     * What computes.
     *
     * @return such as {@code CPU, 2 threads, 512-bit vectors}
     */
    String description();

    /**
     * What it runs on; of several things, the one that needs a caveat.
     *
     * @return the kind
     */
    Hardware hardware();

    /**
     * Which blocks read their weights from which memory.
     *
     * @return all of the model's blocks together
     */
    List<Placed> parts();

    /**
     * Memory of the device that this model holds.
     *
     * @return bytes; empty where there is no device, or it does not tell
     */
    OptionalLong deviceBytes();

    /**
     * How fast the device can read its memory, measured.
     *
     * @return the speed, or why there is none
     */
    ReadSpeed deviceReadSpeed();

    @Override
    void close();
  }

  /**
   * Blocks and where they are.
   *
   * @param part the blocks
   * @param onDevice in the memory of a device; else in the host's
   */
  record Placed(Part part, boolean onDevice) {}
}
