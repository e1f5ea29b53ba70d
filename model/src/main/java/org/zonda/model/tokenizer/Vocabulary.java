package org.zonda.model.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;

/**
 * A model's tokens as its metadata lists them ({@code tokenizer.ggml.*}, GGUF specification),
 * checked: arrays of one length, ids inside, types known. Immutable.
 *
 * <p>Where the file has no token types (old converters), the declared BOS, EOS, unknown and other
 * special tokens count as such, {@code <0xXX>} as bytes and the rest as text. Of equal pieces, text
 * tokens come before others, then the smaller id; empty ones are never the token of a text.
 * User-defined tokens that are named like turn markers count as control ({@link MarkerNames}).
 */
final class Vocabulary {

  private static final String PREFIX = "tokenizer.ggml.";

  /** The keys that name control tokens in files that list no types. */
  private static final List<String> CONTROL_KEYS =
      List.of(
          "bos_token_id",
          "eos_token_id",
          "cls_token_id",
          "seperator_token_id", // GGUF's spelling
          "padding_token_id",
          "mask_token_id");

  private final String label;
  private final Metadata metadata;
  private final List<String> pieces;
  private final TokenType[] types;
  private final Map<String, Integer> ids;
  private final OptionalInt bos;
  private final OptionalInt eos;
  private final OptionalInt unknown;

  private Vocabulary(String label, Metadata metadata) {
    this.label = label;
    this.metadata = metadata;
    this.pieces = metadata.getStrings(PREFIX + "tokens");
    if (pieces.isEmpty()) {
      throw new ZondaException(label + ": tokenizer.ggml.tokens is empty; expected a vocabulary");
    }
    this.bos = id("bos_token_id");
    this.eos = id("eos_token_id");
    this.unknown = id("unknown_token_id");
    this.types = metadata.contains(PREFIX + "token_type") ? declaredTypes() : inferredTypes();
    this.ids = index();
  }

  /**
   * Reads and checks a model's vocabulary.
   *
   * @param source the model
   * @return its vocabulary
   * @throws ZondaException if something is missing or contradictory; the message names it
   */
  static Vocabulary of(ModelSource source) {
    return new Vocabulary(source.label(), source.metadata());
  }

  private TokenType[] declaredTypes() {
    int[] numbers = metadata.getInts(PREFIX + "token_type");
    requireSameLength("token_type", numbers.length);
    TokenType[] declared = new TokenType[numbers.length];
    for (int token = 0; token < numbers.length; token++) {
      TokenType type = TokenType.byId(numbers[token]);
      if (type == null) {
        throw new ZondaException(
            "%s: tokenizer.ggml.token_type[%d] is %d; expected 1 to 6"
                .formatted(label, token, numbers[token]));
      }
      if (type == TokenType.BYTE && byteValue(piece(token)) < 0) {
        throw new ZondaException(
            "%s: tokenizer.ggml.tokens[%d] is '%s' and a byte; expected <0x00> to <0xFF>"
                .formatted(label, token, piece(token)));
      }
      boolean marker = type == TokenType.USER_DEFINED && MarkerNames.isMarker(piece(token));
      declared[token] = marker ? TokenType.CONTROL : type;
    }
    return declared;
  }

  private TokenType[] inferredTypes() {
    TokenType[] inferred = new TokenType[size()];
    for (int token = 0; token < inferred.length; token++) {
      boolean isByte = byteValue(piece(token)) >= 0;
      inferred[token] = isByte ? TokenType.BYTE : TokenType.NORMAL;
    }
    for (String key : CONTROL_KEYS) {
      id(key).ifPresent(token -> inferred[token] = TokenType.CONTROL);
    }
    unknown.ifPresent(token -> inferred[token] = TokenType.UNKNOWN);
    return inferred;
  }

  /** Text tokens come before others of the same piece, then the smaller id. */
  private Map<String, Integer> index() {
    Map<String, Integer> index = HashMap.newHashMap(size());
    addWhere(index, token -> types[token] == TokenType.NORMAL);
    addWhere(index, token -> types[token] != TokenType.NORMAL);
    return index;
  }

  private void addWhere(Map<String, Integer> index, IntPredicate condition) {
    for (int token = 0; token < types.length; token++) {
      if (condition.test(token)) {
        index.putIfAbsent(pieces.get(token), token);
      }
    }
  }

  /** What error messages call the model. */
  String label() {
    return label;
  }

  int size() {
    return pieces.size();
  }

  String piece(int token) {
    return pieces.get(token);
  }

  TokenType type(int token) {
    return types[token];
  }

  /** The token that is written so, of any type. */
  OptionalInt find(String piece) {
    Integer token = ids.get(piece);
    return token == null ? OptionalInt.empty() : OptionalInt.of(token);
  }

  /** The token that plain text written so may become, or -1. */
  int findMergeable(String piece) {
    Integer token = ids.get(piece);
    return token != null && types[token].isMergeable() ? token : -1;
  }

  OptionalInt bos() {
    return bos;
  }

  OptionalInt eos() {
    return eos;
  }

  /** The token for what has no other, declared or the first of that type. */
  OptionalInt unknown() {
    if (unknown.isPresent()) {
      return unknown;
    }
    for (int token = 0; token < types.length; token++) {
      if (types[token] == TokenType.UNKNOWN) {
        return OptionalInt.of(token);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The scores of a SentencePiece-style vocabulary.
   *
   * @return one per token, none of them NaN
   * @throws ZondaException if they are missing or not one per token
   */
  float[] scores() {
    float[] scores = metadata.getFloats(PREFIX + "scores");
    requireSameLength("scores", scores.length);
    for (int token = 0; token < scores.length; token++) {
      if (Float.isNaN(scores[token])) {
        throw new ZondaException(
            "%s: tokenizer.ggml.scores[%d] is NaN; expected a number".formatted(label, token));
      }
    }
    return scores;
  }

  /**
   * The merges of a byte-level BPE vocabulary, best first.
   *
   * @return pairs as {@code left right}
   * @throws ZondaException if they are missing
   */
  List<String> merges() {
    return metadata.getStrings(PREFIX + "merges");
  }

  /** A flag such as {@code add_bos_token}. */
  boolean flag(String name, boolean absent) {
    return metadata.getBoolean(PREFIX + name, absent);
  }

  /** A text such as {@code pre}. */
  Optional<String> text(String name) {
    return metadata.findString(PREFIX + name);
  }

  /**
   * Bytes such as {@code precompiled_charsmap}, signed or not.
   *
   * @param name the key without its prefix
   * @return the bytes, or empty where the key is absent
   * @throws ZondaException if an element is no byte
   */
  Optional<byte[]> bytes(String name) {
    if (!metadata.contains(PREFIX + name)) {
      return Optional.empty();
    }
    int[] values = metadata.getInts(PREFIX + name);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      if (values[i] < Byte.MIN_VALUE || values[i] > 255) {
        throw new ZondaException(
            "%s: %s%s[%d] is %d; expected a byte".formatted(label, PREFIX, name, i, values[i]));
      }
      bytes[i] = (byte) values[i];
    }
    return Optional.of(bytes);
  }

  /**
   * The token that a key declares.
   *
   * @param name such as {@code eot_token_id}
   * @return its id, or empty where the key is absent or all ones, which converters write for none
   * @throws ZondaException if it is outside the vocabulary
   */
  OptionalInt id(String name) {
    String key = PREFIX + name;
    if (!metadata.contains(key)) {
      return OptionalInt.empty();
    }
    long id = metadata.getLong(key);
    if (id == -1 || id == 0xFFFF_FFFFL) {
      return OptionalInt.empty();
    }
    if (id < 0 || id >= size()) {
      throw new ZondaException(
          "%s: %s is %d; expected an id from 0 to %d".formatted(label, key, id, size() - 1));
    }
    return OptionalInt.of((int) id);
  }

  private void requireSameLength(String name, int length) {
    if (length != size()) {
      throw new ZondaException(
          "%s: tokenizer.ggml.%s has %d elements, but tokenizer.ggml.tokens has %d"
              .formatted(label, name, length, size()));
    }
  }

  /**
   * The byte that a piece written {@code <0xXX>} stands for.
   *
   * @return 0 to 255, or -1 for any other piece
   */
  static int byteValue(String piece) {
    if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(piece.charAt(3), 16);
    int low = Character.digit(piece.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
