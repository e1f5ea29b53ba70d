package org.zonda.model.lora;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * Writes a model whose weights are those of a base with its adapters added: {@code W + B A} for
 * each tensor that they change, computed in double precision and stored again; all other tensors
 * and the metadata are copied. A split base becomes one file.
 */
public final class Merge {

  /** Rows are computed and written in pieces of about this size. */
  private static final int PIECE_BYTES = 4 << 20;

  private static final String SPLIT = "split.";

  private final AdaptedModel model;
  private final Optional<TensorType> type;

  /** Hears how much was written. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called now and then, in the thread that writes.
     *
     * @param done bytes of tensors that are written
     * @param total of all
     */
    void at(long done, long total);
  }

  /**
   * What was done.
   *
   * @param changed tensors that adapters changed
   * @param copied tensors that are the base's
   * @param change size of the change, relative to the weights (Euclidean norms over all changed)
   * @param error size of the error of storing them, likewise
   * @param worst the changed tensor with the largest error, and {@code worstError} its error
   * @param worstError relative to that tensor
   */
  public record Result(
      int changed, int copied, double change, double error, String worst, double worstError) {}

  /**
   * Prepares a merge.
   *
   * @param model a base with adapters
   * @param type how to store the tensors that are changed; empty for each as it was
   * @throws ZondaException if a tensor cannot be stored so, or nothing is changed
   */
  public Merge(AdaptedModel model, Optional<TensorType> type) {
    this.model = model;
    this.type = type;
    if (model.deltas().isEmpty()) {
      throw new ZondaException(
          model.label()
              + ": the adapters change nothing at these scales; there is nothing to merge");
    }
    for (String name : model.deltas().keySet()) {
      Tensor tensor = model.base().tensor(name);
      String context = model.base().label() + ": tensor '" + name + "'";
      Codecs.of(tensor.type(), context);
      TensorType target = typeOf(tensor);
      Codecs.of(target, context);
      if (tensor.rowLength() % target.blockElements() != 0) {
        throw new ZondaException(
            "%s: has rows of %d, which %s cannot store in its blocks of %d; choose another type"
                .formatted(context, tensor.rowLength(), target, target.blockElements()));
      }
    }
  }

  private TensorType typeOf(Tensor tensor) {
    return model.deltas().containsKey(tensor.name()) ? type.orElse(tensor.type()) : tensor.type();
  }

  /**
   * Writes the file. It appears under its name when it is complete.
   *
   * @param target the file
   * @param overwrite whether it may replace one
   * @param progress hears of it
   * @return what was done
   * @throws ZondaException if the file exists or cannot be written, or if a number cannot be stored
   */
  public Result write(Path target, boolean overwrite, Progress progress) {
    Run run = new Run(progress);
    GgufWriter writer = new GgufWriter(metadata());
    for (Tensor tensor : model.base().tensors()) {
      TensorType stored = typeOf(tensor);
      run.total += stored.bytes(tensor.elements());
      writer.tensor(
          tensor.name(), stored, tensor.shape(), channel -> run.write(tensor, stored, channel));
    }
    if (overwrite) {
      writer.overwrite(target);
    } else {
      writer.write(target);
    }
    return run.result();
  }

  /** The base's, without what is about its division into files. */
  private Metadata metadata() {
    Metadata all = model.base().metadata();
    MetadataBuilder builder = Metadata.builder();
    for (String key : all.keys()) {
      if (!key.startsWith(SPLIT)) {
        builder.put(key, all.find(key).orElseThrow());
      }
    }
    return builder.build(model.label());
  }

  /** One file being written. */
  private final class Run {
    private final Progress progress;
    private long total;
    private long done;
    private int changed;
    private int copied;
    private double weights;
    private double changes;
    private double errors;
    private String worst = "";
    private double worstError = -1;

    Run(Progress progress) {
      this.progress = progress;
    }

    void write(Tensor tensor, TensorType stored, WritableByteChannel channel) throws IOException {
      Delta delta = model.deltas().get(tensor.name());
      if (delta == null) {
        copied++;
        MemorySegment data = tensor.data();
        for (long from = 0; from < data.byteSize(); from += PIECE_BYTES) {
          put(data.asSlice(from, Math.min(PIECE_BYTES, data.byteSize() - from)), channel);
        }
        return;
      }
      changed++;
      MergedRows rows = new MergedRows(tensor, delta, stored, model.base().label());
      int rowBytes = Math.toIntExact(stored.bytes(tensor.rowLength()));
      int rowsAtOnce = Math.max(1, PIECE_BYTES / rowBytes);
      MergedRows.Sums sums = new MergedRows.Sums(0, 0, 0);
      for (long first = 0; first < tensor.rows(); first += rowsAtOnce) {
        int count = (int) Math.min(rowsAtOnce, tensor.rows() - first);
        MemorySegment piece = MemorySegment.ofArray(new byte[count * rowBytes]);
        long from = first;
        sums =
            IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> rows.encode(from + i, piece, (long) i * rowBytes))
                .reduce(sums, MergedRows.Sums::plus);
        put(piece, channel);
      }
      add(tensor, sums);
    }

    private void add(Tensor tensor, MergedRows.Sums sums) {
      weights += sums.weights();
      changes += sums.changes();
      errors += sums.errors();
      double error = ratio(sums.errors(), sums.weights());
      if (error > worstError) {
        worst = tensor.name();
        worstError = error;
      }
    }

    private void put(MemorySegment bytes, WritableByteChannel channel) throws IOException {
      for (ByteBuffer buffer = bytes.asByteBuffer(); buffer.hasRemaining(); ) {
        channel.write(buffer);
      }
      done += bytes.byteSize();
      progress.at(done, total);
    }

    Result result() {
      return new Result(
          changed, copied, ratio(changes, weights), ratio(errors, weights), worst, worstError);
    }

    private static double ratio(double part, double whole) {
      return whole == 0 ? 0 : Math.sqrt(part / whole);
    }
  }
}
