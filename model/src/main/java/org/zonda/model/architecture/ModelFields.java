package org.zonda.model.architecture;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.MetadataType;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.BooleanValue;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;

/**
 * What architectures read of a model: hyperparameters under the architecture's prefix, and weights
 * whose shapes are checked against what the hyperparameters say. It remembers what was read, so
 * that what was not can be refused. One thread, one description.
 */
public final class ModelFields {

  /** Beyond any model, small enough that products of two stay far inside a long. */
  private static final int LARGEST = 1 << 26;

  private final ModelSource source;
  private final String architecture;
  private final int contextInUse;
  private final Set<String> readKeys = new HashSet<>();
  private final Set<String> askedTensors = new HashSet<>();

  /**
   * Takes a model.
   *
   * @param contextInUse positions that will be in use; 0 for what the model was made for
   */
  ModelFields(ModelSource source, int contextInUse) {
    this.source = source;
    this.contextInUse = contextInUse;
    architecture = source.metadata().getString("general.architecture");
  }

  ModelSource source() {
    return source;
  }

  /** The architecture's name in the metadata. */
  String architecture() {
    return architecture;
  }

  /** Positions that will be in use. */
  int contextInUse() {
    return contextInUse > 0 ? contextInUse : positive("context_length");
  }

  /** The whole key of a hyperparameter. */
  String key(String name) {
    return architecture + "." + name;
  }

  /** The whole key of a hyperparameter that is about to be read. */
  private String read(String name) {
    String key = key(name);
    readKeys.add(key);
    return key;
  }

  /** Keys under the architecture's prefix that nobody read. */
  List<String> unreadKeys() {
    return source.metadata().keys().stream()
        .filter(key -> key.startsWith(key("")) && !readKeys.contains(key))
        .toList();
  }

  boolean contains(String name) {
    return source.metadata().contains(key(name));
  }

  /** A hyperparameter that must be there and positive. */
  int positive(String name) {
    return checked(name, source.metadata().getInt(read(name)));
  }

  /** A hyperparameter that is positive where it is there. */
  int positive(String name, int absent) {
    return checked(name, source.metadata().getInt(read(name), absent));
  }

  private int checked(String name, int value) {
    if (value < 1 || value > LARGEST) {
      throw fault(name, value, "a number from 1 to " + LARGEST);
    }
    return value;
  }

  /** A hyperparameter that may be zero or absent, which count as the same. */
  int count(String name) {
    int value = source.metadata().getInt(read(name), 0);
    return value == 0 ? 0 : checked(name, value);
  }

  /** A hyperparameter that must be finite and greater than zero. */
  float positiveFloat(String name) {
    return checked(name, source.metadata().getFloat(read(name)));
  }

  /** A hyperparameter that is finite and greater than zero where it is there. */
  float positiveFloat(String name, float absent) {
    return contains(name) ? positiveFloat(name) : absent;
  }

  /** A finite hyperparameter that may be zero or absent, which count as the same. */
  float floatOrNone(String name) {
    float value = source.metadata().getFloat(read(name), 0);
    return value == 0 ? 0 : checked(name, value);
  }

  private float checked(String name, float value) {
    if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
      throw fault(name, value, "a positive number");
    }
    return value;
  }

  /** A truth value. */
  boolean flag(String name, boolean absent) {
    return source.metadata().getBoolean(read(name), absent);
  }

  /** A text. */
  Optional<String> string(String name) {
    return source.metadata().findString(read(name));
  }

  /** Refuses any text but this where there is one. */
  void expect(String name, String only) {
    string(name)
        .filter(text -> !text.equals(only))
        .ifPresent(
            text -> {
              throw fault(name, text, "'" + only + "' or none");
            });
  }

  /** The activation function: the published one, unless the metadata names another. */
  Activation activation(Activation published) {
    for (String name : List.of("hidden_activation", "hidden_act")) {
      Optional<String> text = string(name);
      if (text.isPresent()) {
        return switch (text.get()) {
          case "silu", "swish" -> Activation.SILU;
          case "gelu" -> Activation.GELU;
          case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
          case "relu" -> Activation.RELU;
          default ->
              throw fault(
                  name,
                  text.get(),
                  "silu, swish, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh or relu");
        };
      }
    }
    return published;
  }

  /**
   * Which layers attend through a sliding window: {@code attention.sliding_window_pattern}, a flag
   * for each layer or a period whose last layer sees everything.
   *
   * @param period where the metadata does not say
   */
  boolean[] windowed(int layers, int period) {
    boolean[] windowed = new boolean[layers];
    String name = "attention.sliding_window_pattern";
    if (source.metadata().find(key(name)).orElse(null) instanceof ArrayValue array) {
      read(name);
      if (array.size() != layers || array.elementType() != MetadataType.BOOL) {
        throw fault(name, array, "a number or bool[" + layers + "], one for each layer");
      }
      for (int i = 0; i < layers; i++) {
        windowed[i] = ((BooleanValue) array.values().get(i)).value();
      }
    } else {
      int stated = positive(name, period);
      for (int i = 0; i < layers; i++) {
        windowed[i] = (i + 1) % stated != 0;
      }
    }
    return windowed;
  }

  /** Refuses heads that side by side make no possible row. */
  void checkWidth(String name, int heads, int headWidth) {
    if ((long) heads * headWidth > LARGEST) {
      throw fault(name, heads, "at most " + LARGEST / headWidth + " heads of width " + headWidth);
    }
  }

  ZondaException fault(String name, Object found, String expected) {
    return new ZondaException(
        source.label() + ": " + key(name) + " is " + found + "; expected " + expected);
  }

  boolean has(String tensor) {
    return source.findTensor(tensor).isPresent();
  }

  boolean wasAskedFor(String tensor) {
    return askedTensors.contains(tensor);
  }

  /**
   * The size of the vocabulary, which the embedding table of that width alone knows for certain.
   */
  int vocabularySize(int width) {
    Tensor table = source.tensor("token_embd.weight");
    long rows = table.dimension(1);
    if (rows < 1 || rows > LARGEST) {
      throw new ZondaException(
          source.label() + ": token_embd.weight has " + rows + " rows; expected 1 to " + LARGEST);
    }
    return matrix("token_embd.weight", width, (int) rows).rows();
  }

  /** Segments that the tokenizer tells apart, each a row of {@code token_types}; 0 for none. */
  int segments() {
    String key = "tokenizer.ggml.token_type_count";
    long rows = has("token_types.weight") ? source.tensor("token_types.weight").dimension(1) : 0;
    int stated = source.metadata().getInt(key, (int) Math.min(rows, LARGEST));
    if (stated != rows) {
      throw new ZondaException(
          "%s: %s is %d, but tensor 'token_types.weight' has %d rows; expected the same"
              .formatted(source.label(), key, stated, rows));
    }
    return stated;
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

  /** A small table of positive constants that must be there, read here and now. */
  float[] constants(String name, int width) {
    float[] values = vector(name, width).floats(source);
    for (float value : values) {
      if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
        throw new ZondaException(
            "%s: tensor '%s' contains %s; expected positive numbers"
                .formatted(source.label(), name, value));
      }
    }
    return values;
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
    askedTensors.add(name);
    return new Weight(name, columns, rows, matrices);
  }
}
