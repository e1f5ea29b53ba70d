package org.zonda.model.architecture;

import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;

/**
 * What architectures read of a model: hyperparameters under the architecture's prefix, and weights
 * whose shapes are checked against what the hyperparameters say.
 */
final class ModelFields {

  /** Beyond any model, small enough that products of two stay far inside a long. */
  private static final int LARGEST = 1 << 26;

  private final ModelSource source;
  private final String prefix;

  ModelFields(ModelSource source) {
    this.source = source;
    this.prefix = source.metadata().getString("general.architecture") + ".";
  }

  /** The whole key of a hyperparameter. */
  String key(String name) {
    return prefix + name;
  }

  /** A hyperparameter that must be there and positive. */
  int positive(String name) {
    return checked(name, source.metadata().getInt(key(name)));
  }

  /** A hyperparameter that is positive where it is there. */
  int positive(String name, int absent) {
    return checked(name, source.metadata().getInt(key(name), absent));
  }

  private int checked(String name, int value) {
    if (value < 1 || value > LARGEST) {
      throw fault(name, value, "a number from 1 to " + LARGEST);
    }
    return value;
  }

  /** A hyperparameter that may be zero or absent, which count as the same. */
  int count(String name) {
    int value = source.metadata().getInt(key(name), 0);
    return value == 0 ? 0 : checked(name, value);
  }

  /** A hyperparameter that must be finite and greater than zero. */
  float positiveFloat(String name) {
    return checked(name, source.metadata().getFloat(key(name)));
  }

  /** A hyperparameter that is finite and greater than zero where it is there. */
  float positiveFloat(String name, float absent) {
    return source.metadata().contains(key(name)) ? positiveFloat(name) : absent;
  }

  private float checked(String name, float value) {
    if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
      throw fault(name, value, "a positive number");
    }
    return value;
  }

  /** Refuses heads that side by side make no possible row. */
  void checkWidth(String name, int heads, int headWidth) {
    if ((long) heads * headWidth > LARGEST) {
      throw fault(name, heads, "at most " + LARGEST / headWidth + " heads of width " + headWidth);
    }
  }

  Optional<String> string(String name) {
    return source.metadata().findString(key(name));
  }

  ZondaException fault(String name, Object found, String expected) {
    return new ZondaException(
        source.label() + ": " + key(name) + " is " + found + "; expected " + expected);
  }

  boolean has(String tensor) {
    return source.findTensor(tensor).isPresent();
  }

  /** The size of the vocabulary, which the embedding table alone knows for certain. */
  int vocabularySize() {
    Tensor table = source.tensor("token_embd.weight");
    long rows = table.dimension(1);
    if (rows < 1 || rows > LARGEST) {
      throw new ZondaException(
          source.label() + ": token_embd.weight has " + rows + " rows; expected 1 to " + LARGEST);
    }
    return (int) rows;
  }

  /** A matrix that must be there. */
  Weight matrix(String name, int columns, int rows) {
    return weight(name, columns, rows, 1, List.of((long) columns, (long) rows));
  }

  /** A stack of matrices, one for each expert, that must be there. */
  Weight matrices(String name, int columns, int rows, int count) {
    return weight(name, columns, rows, count, List.of((long) columns, (long) rows, (long) count));
  }

  /** A vector that must be there. */
  Weight vector(String name, int width) {
    return weight(name, width, 1, 1, List.of((long) width));
  }

  /** A vector that may be absent. */
  Optional<Weight> optionalVector(String name, int width) {
    return has(name) ? Optional.of(vector(name, width)) : Optional.empty();
  }

  /** A small table of constants, read here and now; empty where it is absent. */
  Optional<float[]> constants(String name, int width) {
    return optionalVector(name, width).map(weight -> source.tensor(name).toFloats());
  }

  private Weight weight(String name, int columns, int rows, int matrices, List<Long> shape) {
    Tensor tensor = source.tensor(name);
    if (!tensor.shape().equals(shape)) {
      throw new ZondaException(
          source.label()
              + ": tensor '"
              + name
              + "' has shape "
              + tensor.shape()
              + "; the metadata asks for "
              + shape);
    }
    return new Weight(name, columns, rows, matrices);
  }
}
