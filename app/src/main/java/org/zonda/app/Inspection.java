package org.zonda.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizers;
import org.zonda.runtime.backend.CacheType;

/**
 * What can be said of a model without running it. Whatever the program does not know yet is told as
 * an obstacle, and the rest is still there.
 *
 * @param source the model
 * @param files the files behind it; none for the embedded model
 * @param sizeBytes of all files
 * @param version of the GGUF format
 * @param architecture as the metadata names it
 * @param transformer its forward pass, where the architecture is known
 * @param tokenizer where its kind is known
 * @param chatFormat where one could be found; an encoder, which writes no text, has none
 * @param mix tensors by type, the largest share first
 * @param parameters elements of all tensors
 * @param contextLength that the model was made for; 0 where the metadata does not say
 * @param memory what it takes to run
 * @param obstacles why it cannot be run; empty where it can
 */
record Inspection(
    ModelSource source,
    List<Path> files,
    long sizeBytes,
    int version,
    String architecture,
    Optional<Transformer> transformer,
    Optional<Tokenizer> tokenizer,
    Optional<ChatFormats.Choice> chatFormat,
    List<Share> mix,
    long parameters,
    long contextLength,
    MemoryEstimate memory,
    List<String> obstacles) {

  /**
   * The tensors of one type.
   *
   * @param type the type
   * @param tensors how many
   * @param elements of all of them
   * @param bytes of all of them
   */
  record Share(TensorType type, int tensors, long elements, long bytes) {

    Share plus(Tensor tensor) {
      return new Share(
          type, tensors + 1, elements + tensor.elements(), bytes + tensor.data().byteSize());
    }
  }

  /**
   * Looks at a model.
   *
   * @param source the model
   * @param context tokens to estimate the memory for; 0 for what the model was made for
   * @param cacheType the KV cache's type to estimate the memory for
   * @param preTokenizer how to cut words instead of as the model says, or empty
   */
  static Inspection of(
      GgufFile source, int context, CacheType cacheType, Optional<String> preTokenizer) {
    Metadata metadata = source.metadata();
    String architecture = metadata.findString("general.architecture").orElse("");
    List<String> obstacles = new ArrayList<>();
    Optional<Transformer> transformer = attempt(() -> Architectures.describe(source), obstacles);
    Optional<Tokenizer> tokenizer = attempt(() -> Tokenizers.of(source, preTokenizer), obstacles);
    boolean writes = transformer.map(Transformer::isCausal).orElse(true);
    Optional<ChatFormats.Choice> chatFormat =
        writes ? attempt(() -> ChatFormats.choose(source), new ArrayList<>()) : Optional.empty();
    List<Share> mix = mix(source);
    mix.stream()
        .map(Share::type)
        .filter(type -> Codecs.find(type).isEmpty())
        .forEach(
            type ->
                obstacles.add(
                    "format " + type + " is not supported; known formats: " + Codecs.known()));
    long contextLength =
        attempt(() -> metadata.getLong(architecture + ".context_length"), new ArrayList<>())
            .orElse(0L);
    return new Inspection(
        source,
        source.paths(),
        source.sizeBytes(),
        source.version(),
        architecture,
        transformer,
        tokenizer,
        chatFormat,
        mix,
        mix.stream().mapToLong(Share::elements).sum(),
        contextLength,
        MemoryEstimate.of(source, transformer, context > 0 ? context : contextLength, cacheType),
        obstacles.stream().map(text -> withoutLabel(text, source.label())).distinct().toList());
  }

  boolean runnable() {
    return obstacles.isEmpty();
  }

  /** The first of some metadata texts that is there and not empty. */
  Optional<String> text(String... keys) {
    for (String key : keys) {
      Optional<String> text =
          source.metadata().find(key).map(Object::toString).filter(value -> !value.isBlank());
      if (text.isPresent()) {
        return text;
      }
    }
    return Optional.empty();
  }

  Optional<String> name() {
    return text("general.name", "general.basename");
  }

  Optional<String> licence() {
    return text("general.license", "general.license.name", "general.license.link");
  }

  Optional<String> author() {
    return text("general.author", "general.organization");
  }

  Optional<String> origin() {
    return text(
        "general.source.url",
        "general.url",
        "general.source.repo_url",
        "general.repo_url",
        "general.source.huggingface.repository",
        "general.base_model.0.repo_url");
  }

  private static String withoutLabel(String message, String label) {
    return message.startsWith(label + ": ") ? message.substring(label.length() + 2) : message;
  }

  private static List<Share> mix(ModelSource source) {
    Map<TensorType, Share> shares = new EnumMap<>(TensorType.class);
    for (Tensor tensor : source.tensors()) {
      Share share = shares.getOrDefault(tensor.type(), new Share(tensor.type(), 0, 0, 0));
      shares.put(tensor.type(), share.plus(tensor));
    }
    return shares.values().stream().sorted(Comparator.comparing(Share::bytes).reversed()).toList();
  }

  private static <T> Optional<T> attempt(Supplier<T> supplier, List<String> obstacles) {
    try {
      return Optional.of(supplier.get());
    } catch (ZondaException e) {
      obstacles.add(e.getMessage());
      return Optional.empty();
    }
  }
}
