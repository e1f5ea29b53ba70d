package org.zonda.runtime.lora;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.FloatMatrix;
import org.zonda.model.tensor.Tensor;

/** A GGUF adapter of random numbers, and the dense model that it makes, computed by definition. */
public final class RandomAdapter {

  /** The matrices of linear layers: not tables, routers and norms that lie as a row a head. */
  public static final Predicate<String> LINEAR =
      name -> !name.matches("(token_embd|token_types|position_embd|.*gate_inp|.*_norm)\\.weight");

  public final Path file;
  public final float scale;
  private final float alpha;
  private final int rank;
  private final Map<String, float[][]> a = new HashMap<>();
  private final Map<String, float[][]> b = new HashMap<>();

  /** Writes an adapter for all matrices of a model whose names are wanted. */
  public RandomAdapter(
      Path file, GgufFile base, int rank, float alpha, float scale, Predicate<String> wanted) {
    this.file = file;
    this.rank = rank;
    this.alpha = alpha;
    this.scale = scale;
    SplittableRandom random = new SplittableRandom(rank);
    Metadata metadata =
        Metadata.builder()
            .putString("general.type", "adapter")
            .putString("general.architecture", base.metadata().getString("general.architecture"))
            .putString("adapter.type", "lora")
            .putFloat32("adapter.lora.alpha", alpha)
            .build("adapter");
    GgufWriter writer = new GgufWriter(metadata);
    try (Arena arena = Arena.ofConfined()) {
      for (Tensor tensor : base.tensors()) {
        String name = tensor.name();
        if (tensor.shape().size() == 2 && wanted.test(name)) {
          int columns = (int) tensor.dimension(0);
          int rows = (int) tensor.dimension(1);
          a.put(name, matrix(rank, columns, 1 / Math.sqrt(columns), random));
          b.put(name, matrix(rows, rank, 0.3, random));
          writer.tensor(tensor(name + ".lora_a", a.get(name), arena));
          writer.tensor(tensor(name + ".lora_b", b.get(name), arena));
        }
      }
      writer.write(file);
    }
  }

  private static float[][] matrix(int rows, int columns, double size, SplittableRandom random) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) (size * random.nextDouble(-1, 1));
      }
    }
    return matrix;
  }

  private static Tensor tensor(String name, float[][] rows, Arena arena) {
    FloatMatrix matrix = new FloatMatrix(name, rows[0].length, rows.length, arena);
    for (int r = 0; r < rows.length; r++) {
      matrix.put(r, 0, rows[r]);
    }
    return matrix.tensor();
  }

  /** Writes the model whose matrices are those of the base and of adapters, added up as F32. */
  public static Path merged(Path target, GgufFile base, List<RandomAdapter> adapters) {
    GgufWriter writer = new GgufWriter(base.metadata());
    try (Arena arena = Arena.ofConfined()) {
      for (Tensor tensor : base.tensors()) {
        boolean touched =
            adapters.stream().anyMatch(adapter -> adapter.a.containsKey(tensor.name()));
        writer.tensor(touched ? sum(tensor, adapters, arena) : tensor);
      }
      writer.write(target);
    }
    return target;
  }

  private static Tensor sum(Tensor tensor, List<RandomAdapter> adapters, Arena arena) {
    int columns = (int) tensor.dimension(0);
    float[][] rows = new float[(int) tensor.dimension(1)][columns];
    float[] weights = tensor.toFloats();
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns; c++) {
        double sum = weights[r * columns + c];
        for (RandomAdapter adapter : adapters) {
          sum += adapter.change(tensor.name(), r, c);
        }
        rows[r][c] = (float) sum;
      }
    }
    return tensor(tensor.name(), rows, arena);
  }

  private double change(String name, int row, int column) {
    if (!a.containsKey(name)) {
      return 0;
    }
    double sum = 0;
    for (int r = 0; r < rank; r++) {
      sum += (double) b.get(name)[row][r] * a.get(name)[r][column];
    }
    return scale * alpha / rank * sum;
  }

  /** The relative L2 distance of rows. */
  public static double distance(float[][] rows, float[][] expected) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < expected.length; r++) {
      for (int i = 0; i < expected[r].length; i++) {
        difference += Math.pow((double) rows[r][i] - expected[r][i], 2);
        size += Math.pow(expected[r][i], 2);
      }
    }
    return Math.sqrt(difference / size);
  }
}
