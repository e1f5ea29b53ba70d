package org.zonda.model.lora;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.model.safetensors.SafetensorsSample;
import org.zonda.model.tensor.FloatMatrix;
import org.zonda.model.tensor.Tensor;

/** Small bases and adapters, made up by tests. */
final class Samples {

  private Samples() {}

  static float[][] matrix(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextInt(-64, 65) / 64f; // exact in every plain format
      }
    }
    return matrix;
  }

  static Tensor tensor(String name, float[][] rows) {
    FloatMatrix matrix = new FloatMatrix(name, rows[0].length, rows.length, Arena.ofAuto());
    for (int r = 0; r < rows.length; r++) {
      matrix.put(r, 0, rows[r]);
    }
    return matrix.tensor();
  }

  /** A base of an architecture with four heads, and matrices of {@code rows, columns}. */
  static GgufFile base(String architecture, int kvHeads, Map<String, int[]> shapes) {
    GgufWriter writer =
        new GgufWriter(
            Metadata.builder()
                .putString("general.architecture", architecture)
                .putUint32(architecture + ".attention.head_count", 4)
                .putUint32(architecture + ".attention.head_count_kv", kvHeads)
                .build("base"));
    shapes.forEach(
        (name, shape) -> writer.tensor(tensor(name, matrix(shape[0], shape[1], name.hashCode()))));
    return GgufFile.open(MemorySegment.ofArray(writer.toBytes()), "base.gguf");
  }

  /** A description that has each matrix in a linear layer, and a table of a name. */
  static Transformer transformer(ModelSource base) {
    List<Block> layers = new ArrayList<>();
    for (Tensor tensor : base.tensors()) {
      int columns = (int) tensor.dimension(0);
      int rows = (int) tensor.dimension(1);
      if (!tensor.name().equals("token_embd.weight")) {
        BlockBuilder b = new BlockBuilder(tensor.name(), columns);
        Weight weight = new Weight(tensor.name(), columns, rows, 1);
        layers.add(b.build(b.linear("out", b.input(), weight, Optional.empty())));
      }
    }
    BlockBuilder embedding = new BlockBuilder("embedding", 2);
    BlockBuilder head = new BlockBuilder("head", 2);
    return new Transformer(
        "sample",
        3,
        8,
        embedding.build(
            embedding.embed(
                "table", Operation.Row.TOKEN, new Weight("token_embd.weight", 2, 3, 1))),
        layers,
        head.build(head.input()));
  }

  static MetadataBuilder adapterMetadata(String architecture, float alpha) {
    return Metadata.builder()
        .putString("general.type", "adapter")
        .putString("general.architecture", architecture)
        .putString("adapter.type", "lora")
        .putFloat32("adapter.lora.alpha", alpha);
  }

  /** Writes a GGUF adapter of tensors by their whole names. */
  static Path gguf(Path file, Metadata metadata, Map<String, float[][]> tensors) {
    GgufWriter writer = new GgufWriter(metadata);
    tensors.forEach((name, rows) -> writer.tensor(tensor(name, rows)));
    writer.overwrite(file);
    return file;
  }

  /** Writes a PEFT folder of tensors by their whole names. */
  static Path peft(Path folder, String config, String type, Map<String, float[][]> tensors) {
    SafetensorsSample weights = new SafetensorsSample();
    tensors.forEach((name, rows) -> weights.matrix(name, type, rows));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("adapter_config.json"), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    weights.write(folder.resolve("adapter_model.safetensors"));
    return folder;
  }

  /** A module's two tensors by PEFT's names. */
  static Map<String, float[][]> peftPair(String module, float[][] a, float[][] b) {
    Map<String, float[][]> tensors = new LinkedHashMap<>();
    tensors.put("base_model.model." + module + ".lora_A.weight", a);
    tensors.put("base_model.model." + module + ".lora_B.weight", b);
    return tensors;
  }

  /** A tensor's two by GGUF's names. */
  static Map<String, float[][]> ggufPair(String tensor, float[][] a, float[][] b) {
    Map<String, float[][]> tensors = new LinkedHashMap<>();
    tensors.put(tensor + ".lora_a", a);
    tensors.put(tensor + ".lora_b", b);
    return tensors;
  }

  /** {@code scale * b * a}. */
  static double[][] product(double scale, float[][] b, float[][] a) {
    double[][] product = new double[b.length][a[0].length];
    for (int r = 0; r < b.length; r++) {
      for (int c = 0; c < a[0].length; c++) {
        for (int k = 0; k < a.length; k++) {
          product[r][c] += scale * b[r][k] * a[k][c];
        }
      }
    }
    return product;
  }

  static double[][] product(Delta delta) {
    return product(1, rows(delta.b()), rows(delta.a()));
  }

  private static float[][] rows(Tensor tensor) {
    float[][] rows = new float[(int) tensor.rows()][(int) tensor.rowLength()];
    for (int r = 0; r < rows.length; r++) {
      tensor.decodeRow(r, rows[r]);
    }
    return rows;
  }
}
