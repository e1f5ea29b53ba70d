package org.zonda.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** The models that the tests run, whole and broken. */
final class TestModels {

  /** Tokens of {@link #golden()}'s vocabulary. */
  static final int VOCABULARY = 360;

  /** Positions of its context. */
  static final int CONTEXT = 128;

  private TestModels() {}

  /** A llama of random weights with reference logits. */
  static Path golden() {
    return resource("golden/llama-gqa/model.gguf");
  }

  /** An encoder of random weights. */
  static Path encoder() {
    return resource("golden/bert/model.gguf");
  }

  /** The decoder's reference: {@code tokens}, {@code logits}, {@code greedy}. */
  static JsonNode goldenReference() {
    try {
      return new ObjectMapper().readTree(resource("golden/llama-gqa/golden.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first bytes of the model. */
  static Path truncated(Path directory, int bytes) throws IOException {
    byte[] whole = Files.readAllBytes(golden());
    return Files.write(directory.resolve("truncated.gguf"), Arrays.copyOf(whole, bytes));
  }

  /** The model with another name of its architecture. */
  static Path unknownArchitecture(Path directory) throws IOException {
    // Latin-1 keeps every byte, and the names are equally long.
    String whole = Files.readString(golden(), StandardCharsets.ISO_8859_1);
    String other = whole.replace("llama", "alpac");
    return Files.writeString(directory.resolve("alpac.gguf"), other, StandardCharsets.ISO_8859_1);
  }

  /** The model with one matrix in a format that no model's weights have. */
  static Path unknownFormat(Path directory) {
    Path file = directory.resolve("q8_1.gguf");
    try (GgufFile model = GgufFile.open(golden());
        Arena arena = Arena.ofConfined()) {
      GgufWriter writer = new GgufWriter(model.metadata());
      for (Tensor tensor : model.tensors()) {
        writer.tensor(tensor.name().equals("token_embd.weight") ? q81(tensor, arena) : tensor);
      }
      writer.write(file);
    }
    return file;
  }

  private static Tensor q81(Tensor tensor, Arena arena) {
    MemorySegment zeros = arena.allocate(TensorType.Q8_1.bytes(tensor.elements()));
    return new Tensor(tensor.name(), TensorType.Q8_1, tensor.shape(), zeros);
  }

  private static Path resource(String name) {
    try {
      return Path.of(TestModels.class.getResource("/" + name).toURI());
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
