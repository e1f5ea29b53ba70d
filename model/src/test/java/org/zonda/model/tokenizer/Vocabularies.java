package org.zonda.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.zonda.model.gguf.MetadataBuilder;

/** Vocabularies for tests: the golden ones, and small ones that a test lists. */
public final class Vocabularies {

  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int BYTE = 6;

  private final List<String> tokens = new ArrayList<>();
  private final List<Float> scores = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();

  /** Lists tokens of one type; a text token's score is minus its id, so that earlier is better. */
  public Vocabularies add(int type, String... pieces) {
    for (String piece : pieces) {
      scores.add((float) -tokens.size());
      tokens.add(piece);
      types.add(type);
    }
    return this;
  }

  /** Lists text tokens of one score. */
  Vocabularies score(float score, String... pieces) {
    add(NORMAL, pieces);
    for (int i = 0; i < pieces.length; i++) {
      scores.set(scores.size() - 1 - i, score);
    }
    return this;
  }

  Vocabularies addBytes() {
    for (int value = 0; value < 256; value++) {
      add(BYTE, "<0x%02X>".formatted(value));
    }
    return this;
  }

  /** The metadata of a SentencePiece-style tokenizer with these tokens. */
  public MemoryModel llama(Consumer<MetadataBuilder> more) {
    return scored("llama", more);
  }

  /** The metadata of a unigram tokenizer with these tokens; {@code </s>} is EOS. */
  MemoryModel t5(Consumer<MetadataBuilder> more) {
    int eos = tokens.indexOf("</s>");
    return scored(
        "t5",
        metadata -> {
          if (eos >= 0) {
            metadata.putUint32("tokenizer.ggml.eos_token_id", eos);
          }
          more.accept(metadata);
        });
  }

  /** The metadata of a WordPiece tokenizer with these tokens. */
  MemoryModel bert(Consumer<MetadataBuilder> more) {
    return MemoryModel.of(
        metadata -> {
          put(metadata, "bert");
          more.accept(metadata);
        });
  }

  private MemoryModel scored(String model, Consumer<MetadataBuilder> more) {
    return MemoryModel.of(
        metadata -> {
          put(metadata, model);
          float[] values = new float[scores.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = scores.get(i);
          }
          metadata.putFloats("tokenizer.ggml.scores", values);
          more.accept(metadata);
        });
  }

  /** The metadata of a byte-level BPE tokenizer with these tokens. */
  MemoryModel gpt2(String pre, List<String> merges, Consumer<MetadataBuilder> more) {
    return MemoryModel.of(
        metadata -> {
          put(metadata, "gpt2");
          metadata.putString("tokenizer.ggml.pre", pre);
          metadata.putStrings("tokenizer.ggml.merges", merges);
          more.accept(metadata);
        });
  }

  private void put(MetadataBuilder metadata, String model) {
    metadata.putString("tokenizer.ggml.model", model);
    metadata.putStrings("tokenizer.ggml.tokens", tokens);
    metadata.putInts(
        "tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The vocabulary of the golden models: 360 tokens, {@code llama}. */
  public static Tokenizer golden() {
    JsonNode vocabulary = Golden.resource("tokenizer/vocabulary.json");
    return Tokenizers.of(
        MemoryModel.of(
            metadata ->
                metadata
                    .putString("tokenizer.ggml.model", "llama")
                    .putStrings("tokenizer.ggml.tokens", Golden.strings(vocabulary.get("tokens")))
                    .putFloats("tokenizer.ggml.scores", Golden.floats(vocabulary.get("scores")))
                    .putInts("tokenizer.ggml.token_type", Golden.ints(vocabulary.get("token_type")))
                    .putUint32("tokenizer.ggml.bos_token_id", 1)
                    .putUint32("tokenizer.ggml.eos_token_id", 2)
                    .putUint32("tokenizer.ggml.unknown_token_id", 0)));
  }

  /**
   * A golden byte-level BPE vocabulary: about 420 text tokens and the control tokens {@code
   * <|endoftext|>}, {@code <|im_start|>} and {@code <|im_end|>}.
   */
  public static Tokenizer goldenByteLevel(String pre) {
    return Tokenizers.of(byteLevel(goldenSet(pre)));
  }

  /** What Hugging Face's tokenizer makes of a text of the golden file. */
  public static int[] goldenIds(String pre, String text) {
    for (JsonNode golden : goldenSet(pre).get("cases")) {
      if (golden.get("text").asText().equals(text)) {
        return Golden.ints(golden.get("ids"));
      }
    }
    throw new IllegalArgumentException(text);
  }

  private static JsonNode goldenSet(String pre) {
    for (JsonNode golden : Golden.resource("tokenizer/byte-level-bpe.json").get("tokenizers")) {
      if (golden.get("pre").asText().equals(pre)) {
        return golden;
      }
    }
    throw new IllegalArgumentException(pre);
  }

  static MemoryModel byteLevel(JsonNode golden) {
    List<String> tokens = Golden.strings(golden.get("tokens"));
    int end = tokens.indexOf("<|endoftext|>");
    Vocabularies vocabulary = new Vocabularies();
    vocabulary.add(NORMAL, tokens.subList(0, end).toArray(String[]::new));
    vocabulary.add(CONTROL, tokens.subList(end, tokens.size()).toArray(String[]::new));
    return vocabulary.gpt2(
        golden.get("pre").asText(),
        Golden.strings(golden.get("merges")),
        metadata ->
            metadata
                .putUint32("tokenizer.ggml.bos_token_id", end)
                .putUint32("tokenizer.ggml.eos_token_id", end));
  }

  /** A golden WordPiece vocabulary: {@code [UNK]}, {@code [CLS]} and {@code [SEP]} are 1 to 3. */
  static MemoryModel wordPiece(JsonNode golden) {
    return MemoryModel.of(
        metadata ->
            metadata
                .putString("tokenizer.ggml.model", "bert")
                .putStrings("tokenizer.ggml.tokens", Golden.strings(golden.get("tokens")))
                .putInts("tokenizer.ggml.token_type", Golden.ints(golden.get("types")))
                .putUint32("tokenizer.ggml.unknown_token_id", 1)
                .putUint32("tokenizer.ggml.cls_token_id", 2)
                .putUint32("tokenizer.ggml.seperator_token_id", 3));
  }

  /** A golden unigram vocabulary: {@code <unk>}, {@code <s>} and {@code </s>} are 0 to 2. */
  static MemoryModel unigram(JsonNode golden) {
    byte[] charsMap = Base64.getDecoder().decode(golden.get("precompiled_charsmap").asText());
    int[] bytes = new int[charsMap.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = charsMap[i];
    }
    return MemoryModel.of(
        metadata ->
            metadata
                .putString("tokenizer.ggml.model", "t5")
                .putStrings("tokenizer.ggml.tokens", Golden.strings(golden.get("tokens")))
                .putFloats("tokenizer.ggml.scores", Golden.floats(golden.get("scores")))
                .putInts("tokenizer.ggml.token_type", Golden.ints(golden.get("types")))
                .putInts("tokenizer.ggml.precompiled_charsmap", bytes)
                .putBoolean(
                    "tokenizer.ggml.remove_extra_whitespaces",
                    golden.get("remove_extra_whitespaces").asBoolean())
                .putBoolean(
                    "tokenizer.ggml.add_space_prefix", golden.get("add_space_prefix").asBoolean())
                .putUint32("tokenizer.ggml.unknown_token_id", 0)
                .putUint32("tokenizer.ggml.eos_token_id", 2));
  }
}
