package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Activate;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Gate;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Operation.Rotate;
import org.zonda.model.graph.Operation.Scale;
import org.zonda.model.graph.Operation.SoftCap;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.Progress;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Takes weights from the model and makes them ready for the upload. */
final class WeightLoader {

  private final ModelSource source;
  private final DeviceProgram program;
  private final Progress progress;
  private final long total;
  private final Map<List<Weight>, DeviceMatrix> single = new HashMap<>();
  private long done;

  /**
   * Prepares to load.
   *
   * @param source the model
   * @param program which uploads them
   * @param progress hears of each
   * @param blocks whose weights will be asked for
   */
  WeightLoader(ModelSource source, DeviceProgram program, Progress progress, List<Block> blocks) {
    this.source = source;
    this.program = program;
    this.progress = progress;
    total =
        blocks.stream()
            .flatMap(block -> block.operations().stream())
            .flatMap(WeightLoader::weights)
            .distinct()
            .mapToLong(weight -> weight.bytes(source))
            .sum();
  }

  /** Where the weights are taken from. */
  ModelSource source() {
    return source;
  }

  private static Stream<Weight> weights(Operation operation) {
    return switch (operation) {
      case Embed op -> Stream.of(op.table());
      case Norm op -> Stream.concat(Stream.of(op.weight()), op.bias().stream());
      case Linear op -> Stream.concat(Stream.of(op.weight()), op.bias().stream());
      case Experts op -> Stream.of(op.router(), op.gate(), op.up(), op.down());
      case Rotate op -> Stream.empty();
      case Attention op -> Stream.empty();
      case Gate op -> Stream.empty();
      case Add op -> Stream.empty();
      case Activate op -> Stream.empty();
      case Scale op -> Stream.empty();
      case SoftCap op -> Stream.empty();
    };
  }

  /** Bytes of all weights. */
  long bytes() {
    return total;
  }

  /** How a matrix is stored. */
  DeviceFormat format(Weight weight) {
    Tensor tensor = source.tensor(weight.name());
    return DeviceFormat.of(tensor.type(), weight.columns(), context(weight));
  }

  private String context(Weight weight) {
    return source.label() + ": tensor '" + weight.name() + "'";
  }

  /**
   * Stacks matrices of one format: layer after layer, in each its experts one after the other, in
   * each the rows of the layer's weights. What is asked for again is there once: tied embeddings.
   *
   * @param layers for each layer the weights whose rows are joined
   * @return the stack
   */
  DeviceMatrix matrices(List<List<Weight>> layers) {
    if (layers.size() > 1) {
      return load(layers);
    }
    DeviceMatrix known = single.get(layers.getFirst());
    if (known == null) {
      known = load(layers);
      single.put(layers.getFirst(), known);
    }
    return known;
  }

  private DeviceMatrix load(List<List<Weight>> layers) {
    Weight first = layers.getFirst().getFirst();
    long rows =
        layers.stream()
            .flatMap(List::stream)
            .mapToLong(weight -> (long) weight.matrices() * weight.rows())
            .sum();
    DeviceMatrix stack = DeviceMatrix.ofRows(format(first), rows, first.columns());
    long row = 0;
    for (List<Weight> layer : layers) {
      for (int expert = 0; expert < first.matrices(); expert++) {
        for (Weight weight : layer) {
          Tensor tensor = source.tensor(weight.name());
          stack.put(tensor, weight.firstRow() + (long) expert * weight.rows(), weight.rows(), row);
          row += weight.rows();
          advance(weight.rows() * tensor.rowBytes());
        }
      }
    }
    stack.planes().forEach(program::upload);
    return stack;
  }

  /**
   * Stacks vectors as floats, layer after layer.
   *
   * @param layers the vectors
   * @return the stack
   */
  FloatArray vectors(List<Weight> layers) {
    return join(layers.stream().map(this::floats).toList());
  }

  /**
   * Stacks biases, layer after layer, in each those of its joined rows.
   *
   * @param layers for each layer the biases of its weights, zeros where one has none
   * @param rows for each layer how many rows its weights have
   * @return the stack
   */
  FloatArray biases(List<List<Optional<Weight>>> layers, List<List<Weight>> rows) {
    List<float[]> parts = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int i = 0; i < layers.get(layer).size(); i++) {
        int length = rows.get(layer).get(i).rows();
        parts.add(layers.get(layer).get(i).map(this::floats).orElseGet(() -> new float[length]));
      }
    }
    return join(parts);
  }

  private float[] floats(Weight vector) {
    advance(vector.bytes(source));
    return vector.floats(source);
  }

  private FloatArray join(List<float[]> parts) {
    FloatArray joined =
        new FloatArray(Math.toIntExact(parts.stream().mapToLong(part -> part.length).sum()));
    int at = 0;
    for (float[] part : parts) {
      for (float value : part) {
        joined.set(at++, value);
      }
    }
    return program.upload(joined);
  }

  private void advance(long bytes) {
    done += bytes;
    progress.at(done, total);
  }
}
